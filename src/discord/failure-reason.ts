import type { FailureReason } from '../telemetry/event';

const UNKNOWN_INTERACTION = 10062;
const ALREADY_ACKNOWLEDGED = 40060;
const MISSING_ACCESS = 50001;
const MISSING_PERMISSIONS = 50013;

/**
 * Why a run failed, from what it threw. Errors of Discord's are known by their shape, not their class: a command may
 * bring a discord.js of its own.
 */
export function failureReason(error: unknown): FailureReason {
  try {
    return reasonOf(error);
  } catch {
    return 'exception'; // What is thrown can throw itself, as soon as it is looked at.
  }
}

function reasonOf(error: unknown): FailureReason {
  if (typeof error !== 'object' || error === null) return 'exception';
  if (!('rawError' in error)) return isHttpError(error) ? 'discord_api' : 'exception';
  switch ('code' in error ? error.code : undefined) {
    case UNKNOWN_INTERACTION:
      return 'unknown_interaction';
    case ALREADY_ACKNOWLEDGED:
      return 'already_acknowledged';
    case MISSING_ACCESS:
    case MISSING_PERMISSIONS:
      return 'missing_permissions';
    default:
      return 'discord_api';
  }
}

/** An answer of Discord's without its JSON: a 5xx, or a rate limit that discord.js was told not to wait for. */
function isHttpError(error: object): boolean {
  return error instanceof Error && (/^HTTPError\b/.test(error.name) || /^RateLimitError\b/.test(error.name));
}
