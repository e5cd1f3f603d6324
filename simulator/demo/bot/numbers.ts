import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { OUTCOME_KINDS, type OutcomeKind } from '../../../src/telemetry/event';

export type OutcomeCounts = Readonly<Record<OutcomeKind, number>>;

const TIMEOUT_MS = 5000;

/** What `/api/stats` counts, added up over all its rows. Rejects if the bot cannot be asked. */
export async function readStats(url: string): Promise<OutcomeCounts> {
  const body: unknown = JSON.parse(await fetchText(`${url}/api/stats?period=all`));
  if (typeof body !== 'object' || body === null || !('commands' in body) || !Array.isArray(body.commands)) {
    throw new Error('There are no commands.');
  }
  // Not its totals: they leave out suggestions.
  const rows = body.commands.map((row: unknown) => new Map(Object.entries(row ?? {})));
  return counts((outcome) => rows.reduce((sum, row) => sum + Number(row.get(outcome)), 0));
}

/** What `/metrics` counts, added up over all series. Rejects if the bot cannot be asked. */
export async function readMetrics(url: string): Promise<OutcomeCounts> {
  const body = await fetchText(`${url}/metrics`);
  const series = [...body.matchAll(/^discord_command_invocations_total\{.*outcome="(\w+)".*\} (\d+)$/gm)];
  return counts((wanted) =>
    series.reduce((sum, [, outcome, value]) => (outcome === wanted ? sum + Number(value) : sum), 0),
  );
}

/** Which command modules could not be loaded, and why, as `/healthz` says; null: none. Rejects if it cannot be asked. */
export async function readFailedModules(url: string): Promise<string | null> {
  // A bot that is not well answers with 503, and with the same report.
  const body: unknown = JSON.parse(await text(await request(`${url}/healthz`)));
  const check = member(member(body, 'checks'), 'commandModules');
  const detail = member(check, 'detail');
  return member(check, 'status') === 'ok' || typeof detail !== 'string' ? null : detail;
}

function counts(of: (outcome: OutcomeKind) => number): OutcomeCounts {
  const [ok, refused, failed] = OUTCOME_KINDS.map(of);
  return { ok: ok ?? 0, refused: refused ?? 0, failed: failed ?? 0 };
}

function member(value: unknown, name: string): unknown {
  return new Map<string, unknown>(Object.entries(value ?? {})).get(name);
}

async function fetchText(url: string): Promise<string> {
  const response = await request(url);
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode ?? 'nothing'}.`);
  return body;
}

function request(url: string): Promise<IncomingMessage> {
  // An agent of its own, since the global one may have been given the environment's proxy.
  const agent = new Agent({ keepAlive: false });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return new Promise((resolve, reject) => get(url, { agent, signal }, resolve).on('error', reject));
}
