import { GatewayCloseCodes } from 'discord-api-types/v10';
import { asArray, asNumber, asText, type JsonObject } from '../json';
import { apiApplication, apiUser } from '../payloads';
import type { Guild, World } from '../world';
import type { Session } from './session';

export interface Refusal {
  readonly code: GatewayCloseCodes;
  readonly reason: string;
}

export interface IdentifyRules {
  readonly acceptsToken: (token: string) => boolean;
  /** Intents that this application may not have. */
  readonly disallowedIntents: number;
}

export interface Identity {
  readonly shard: number;
  readonly shardCount: number;
  readonly intents: number;
}

const KNOWN_INTENTS = 0b11_0011_0011_1111_1111_1111_1111;

/** Who identifies, or why the connection is to be closed. */
export function readIdentify(data: JsonObject, rules: IdentifyRules): Identity | Refusal {
  if (!rules.acceptsToken(asText(data.token) ?? '')) {
    return { code: GatewayCloseCodes.AuthenticationFailed, reason: 'Authentication failed.' };
  }
  const pair = data.shard === undefined || data.shard === null ? [0, 1] : asArray(data.shard);
  const [shard, shardCount] = [asNumber(pair[0]) ?? -1, asNumber(pair[1]) ?? 0];
  if (pair.length !== 2 || shard < 0 || shard >= shardCount) {
    return { code: GatewayCloseCodes.InvalidShard, reason: 'Invalid shard.' };
  }
  const intents = asNumber(data.intents) ?? -1;
  if (!Number.isInteger(intents) || intents < 0 || (intents & ~KNOWN_INTENTS) !== 0) {
    return { code: GatewayCloseCodes.InvalidIntents, reason: 'Invalid intent(s).' };
  }
  if ((intents & rules.disallowedIntents) !== 0) {
    return { code: GatewayCloseCodes.DisallowedIntents, reason: 'Disallowed intent(s).' };
  }
  return { shard, shardCount, intents };
}

export function readyPayload(
  world: World,
  session: Session,
  resumeUrl: string,
  guilds: readonly Guild[],
): JsonObject {
  return {
    v: 10,
    user: { ...apiUser(world.bot), verified: true, mfa_enabled: true, email: null, flags: 0 },
    user_settings: {},
    session_type: 'normal',
    session_id: session.id,
    resume_gateway_url: resumeUrl,
    shard: [session.shard, session.shardCount],
    application: { id: apiApplication(world).id, flags: 0 },
    guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
    private_channels: [],
    relationships: [],
    presences: [],
    _trace: [],
  };
}
