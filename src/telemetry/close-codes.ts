/**
 * The codes with which a gateway connection is known to close, so that a label may name them: RFC 6455, section 7.4.1,
 * Discord's own (https://docs.discord.com/developers/topics/opcodes-and-status-codes), and 4200, with which discord.js
 * closes to resume.
 */
export const CLOSE_CODES: readonly number[] = [
  ...[1000, 1001, 1002, 1005, 1006, 1008, 1009, 1011, 1012, 1013],
  ...[4000, 4001, 4002, 4003, 4004, 4005, 4007, 4008, 4009, 4010, 4011, 4012, 4013, 4014, 4200],
];

/** Those that a healthy bot meets: their series start at 0. The others would be 20 empty series for each shard. */
export const ORDINARY_CLOSE_CODES: readonly number[] = [1000, 1001, 1006, 4000, 4009, 4200];

/** After these no try will change Discord's mind: the token, the intents or the sharding are wrong. */
export const FINAL_CLOSE_CODES: readonly number[] = [4004, 4010, 4011, 4012, 4013, 4014];
