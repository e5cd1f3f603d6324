/**
 * A Discord on loopback: gateway v10 and REST v10, real enough for an unmodified discord.js client.
 *
 *     const discord = await startSimulator();
 *     const client = new Client({ intents: ['Guilds'], rest: { api: discord.apiUrl } });
 *     await client.login(discord.token);
 *     const exchange = discord.user('kim').type('/ping');
 *     const message = await exchange.message();
 *     await discord.close();
 */
export { startSimulator } from './simulator';
export type { Faults, RestFault, RestFaultHandle, ShardChoice } from './faults';
export type { RestLogEntry } from './rest/log';
export type * from './types';
