/** A refusal, as Discord answers it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** Discord's JSON error code; 0 if it has none. */
    readonly code: number,
    message: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const unauthorized = (): ApiError => new ApiError(401, 0, '401: Unauthorized');
export const notFound = (): ApiError => new ApiError(404, 0, '404: Not Found');
export const unknownChannel = (): ApiError => new ApiError(404, 10_003, 'Unknown Channel');
export const unknownGuild = (): ApiError => new ApiError(404, 10_004, 'Unknown Guild');
export const unknownMessage = (): ApiError => new ApiError(404, 10_008, 'Unknown Message');
export const unknownUser = (): ApiError => new ApiError(404, 10_013, 'Unknown User');
export const unknownWebhook = (): ApiError => new ApiError(404, 10_015, 'Unknown Webhook');
export const unknownInteraction = (): ApiError => new ApiError(404, 10_062, 'Unknown interaction');
export const unknownCommand = (): ApiError => new ApiError(404, 10_063, 'Unknown application command');
export const tooManyCommands = (): ApiError =>
  new ApiError(400, 30_032, 'Maximum number of application commands reached (100)');
export const tooManyCreations = (): ApiError =>
  new ApiError(429, 30_034, 'Max number of daily application command creates has been reached (200)');
export const tooLarge = (): ApiError => new ApiError(413, 40_005, 'Request entity too large');
export const alreadyAcknowledged = (): ApiError =>
  new ApiError(400, 40_060, 'Interaction has already been acknowledged.');
export const missingAccess = (): ApiError => new ApiError(403, 50_001, 'Missing Access');
export const notTheAuthor = (): ApiError =>
  new ApiError(403, 50_005, 'Cannot edit a message authored by another user');
export const emptyMessage = (): ApiError => new ApiError(400, 50_006, 'Cannot send an empty message');
export const deadToken = (): ApiError => new ApiError(401, 50_027, 'Invalid Webhook Token');
export const invalidJson = (): ApiError =>
  new ApiError(400, 50_109, 'The request body contains invalid JSON.');
