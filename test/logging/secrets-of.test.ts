import { secretsOf } from '../../src/logging/secrets-of';
import { cleanUp, load } from '../settings-support';

afterEach(cleanUp);

/** Wider than what is taken for a secret: a setting that looks like one and is not known stands out here. */
const LOOKS_SECRET = /token|secret|pass|key|dsn|webhook|credential|signature|headers/i;

/** Where a secret lies, and not the secret. */
const FILES: ReadonlySet<string> = new Set(['planted.tracing.tls.clientKey']);

/** The settings as if all of them were set, each text to the path that it stands at. */
function planted(tree: object, path = 'planted'): object {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]: [string, unknown]) => {
      const here = `${path}.${name}`;
      const isTree = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [name, isTree ? planted(value, here) : here];
    }),
  );
}

function paths(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? paths(value) : [String(value)],
  );
}

describe('the secrets of the settings', () => {
  it('are all known, so that no log shows them, and so is one that is added', () => {
    const settings = planted(load());
    const secrets = paths(settings).filter((path) => LOOKS_SECRET.test(path) && !FILES.has(path));
    expect(secrets).toEqual(
      expect.arrayContaining(['planted.discord.token', 'planted.metrics.token', 'planted.stats.userHashKey']),
    );
    expect(secretsOf(settings)).toEqual(secrets);
  });

  it('include the passwords of addresses, as they are written and as they are meant', () => {
    const database = { url: 'postgres://bot:p%40ss-w%25rd@db:5432/telltale' };
    expect(secretsOf({ database, list: ['https://:listed@example.org'] })).toEqual([
      'p%40ss-w%25rd',
      'p@ss-w%rd',
      'listed',
    ]);
    expect(secretsOf({ url: 'postgres://bot:100%@db/x', file: 'file:data/telltale.db' })).toEqual(['100%']);
  });

  it('include addresses that are keys themselves, and keys in lists', () => {
    const alerts = {
      slackWebhookUrl: 'https://hooks.slack.com/services/T/B/x',
      otlpHeaders: ['api-key=one', 'two'],
      pagerdutyRoutingKey: 'R01',
      smtpUrl: 'smtp://mail.example.org',
      emailTo: null,
    };
    expect(secretsOf({ alerts })).toEqual([
      'https://hooks.slack.com/services/T/B/x',
      'api-key=one',
      'two',
      'R01',
    ]);
  });
});
