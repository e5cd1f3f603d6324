import type { FailureReason } from '../telemetry/event';

const UNKNOWN_INTERACTION = 10062;
const ALREADY_ACKNOWLEDGED = 40060;
const MISSING_ACCESS = 50001;
const MISSING_PERMISSIONS = 50013;

/** The connection broke, or took too long: of Node.js, of undici, and of the limit that discord.js sets. */
const CONNECTION_CODES =
  /^(?:UND_ERR_(?!INVALID)\w+|ECONN\w+|EPIPE|ETIMEDOUT|E(?:HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN)$/;

/**
 * Why a run failed, from what it threw. Errors of Discord's are known by their shape, not their class: a command may
 * bring a discord.js of its own.
 *
 * @param isFromRest whether a request to Discord threw this very error: a connection that broke is Discord's matter
 * only where it led there, and looks the same where it is a command's own.
 */
export function failureReason(
  error: unknown,
  isFromRest: (error: object) => boolean = () => false,
): FailureReason {
  try {
    return reasonOf(error, isFromRest);
  } catch {
    return 'exception'; // What is thrown can throw itself, as soon as it is looked at.
  }
}

function reasonOf(error: unknown, isFromRest: (error: object) => boolean): FailureReason {
  if (typeof error !== 'object' || error === null) return 'exception';
  if (!('rawError' in error)) {
    const isDiscords = isHttpError(error) || (isConnectionError(error) && isFromRest(error));
    return isDiscords ? 'discord_api' : 'exception';
  }
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

function isConnectionError(error: object): boolean {
  if ('name' in error && error.name === 'AbortError') return true;
  return 'code' in error && typeof error.code === 'string' && CONNECTION_CODES.test(error.code);
}
