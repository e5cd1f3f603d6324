import { BUILD, INVOCATION, Screen, cleanUp, lines as fileLines, open, parse } from './support';

afterEach(cleanUp);

const at = { now: () => 1_700_000_000_123 };

describe('the pretty console', () => {
  it('shows time, level, logger, message, fields, and the stack below with its causes', async () => {
    const { logging, context, screen } = open({ ...at, format: 'pretty' });
    const error = new TypeError('broken', { cause: new Error('why') });
    context.run(INVOCATION, () =>
      logging.logger('pipeline').error('it failed', { text: 'two words', n: 1, error }),
    );
    await logging.close();
    const [head, ...stack] = screen.lines();
    expect(head).toBe(
      '22:13:20.123 ERROR pipeline: it failed trace_id=0af7651916cd43dd8448eb211c80319c ' +
        'interaction_id=1180000000000000001 command="ticket close" kind=chat_input guild_id=1180000000000000002 ' +
        'user_id=1180000000000000003 shard=2 text="two words" n=1 error="TypeError: broken"',
    );
    expect(stack[0]).toBe('    TypeError: broken');
    expect(stack).toContain('    caused by: Error: why');
  });

  it('cannot be made to show a line that nobody logged', async () => {
    const { logging, screen } = open({ ...at, format: 'pretty' });
    const forged = 'a\n22:13:20.123 ERROR main: forged\r\u001b[2J\u009b\u2028\u202e';
    logging.logger('main').info(forged, { [forged]: forged, error: new Error(forged) });
    await logging.close();
    const lines = screen.lines();
    expect(lines.filter((line) => !line.startsWith('    '))).toHaveLength(1);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
  });

  it('has colours on a terminal, and no escape codes anywhere else', async () => {
    const terminal = new Screen({ isTTY: true });
    for (const stdout of [terminal, new Screen()]) {
      const { logging } = open({ format: 'pretty', stdout });
      logging.logger('main').warn('look');
      await logging.close();
      expect(stdout.text.includes('\u001b[33mWARN ')).toBe(stdout === terminal);
    }
  });
});

describe('the ECS console', () => {
  it('puts each fact where Elastic looks for it', async () => {
    const { logging, context, screen } = open({ ...at, format: 'ecs' });
    const fields = { event: 'command_settled', outcome: 'failed', duration_ms: 12.5, ack_ms: 140 };
    const error = Object.assign(new Error('broken', { cause: new Error('why') }), { code: 50013 });
    context.run(INVOCATION, () => logging.logger('pipeline').error('settled', { ...fields, error }));
    await logging.close();
    const [line] = parse(screen.text);
    expect(line).toEqual({
      '@timestamp': '2023-11-14T22:13:20.123Z',
      'log.level': 'error',
      message: 'settled',
      'ecs.version': '8.11.0',
      log: { logger: 'pipeline' },
      service: { name: 'telltale', version: '1.2.3' },
      trace: { id: INVOCATION.traceId },
      user: { id: INVOCATION.userId },
      event: { action: 'command_settled', outcome: 'failure', duration: 12_500_000 },
      labels: { outcome: 'failed', commit: '4bf92f3' },
      error: {
        type: 'Error',
        message: 'broken',
        code: '50013',
        stack_trace: expect.stringMatching(/^Error: broken\n[^]*\nCaused by: Error: why\n/),
      },
      discord: {
        interaction_id: INVOCATION.interactionId,
        command: 'ticket close',
        kind: 'chat_input',
        guild_id: INVOCATION.guildId,
        shard: 2,
      },
      telltale: { ack_ms: 140 },
    });
  });

  it('keeps a field that is not of the type that Elastic has for its name beside it: the line would be refused', async () => {
    const { logging, screen } = open({ ...at, format: 'ecs' });
    const wrong = {
      event: { x: 1 },
      outcome: ['won'],
      reason: { code: 5 },
      deadline: 5,
      user_id: { x: 1 },
      trace_id: 7,
      command: true,
      shard: 'all',
      duration_ms: 1e300,
      ack_ms: 'fast',
    };
    logging.logger('main').info('wrong', wrong);
    logging.logger('main').info('right', { reason: 'timeout', ack_ms: 5, shard: 1, guild_id: null });
    await logging.close();
    const [first, second] = parse(screen.text);
    const telltale = Object.fromEntries(Object.entries(wrong).map(([name, value]) => [`${name}_`, value]));
    expect(first).toMatchObject({ message: 'wrong', telltale });
    expect(first).toMatchObject({ labels: { commit: '4bf92f3' } });
    for (const name of ['event', 'labels.outcome', 'user', 'trace', 'discord'])
      expect(first).not.toHaveProperty(name);
    expect(second).toMatchObject({
      discord: { shard: 1, guild_id: null },
      telltale: { reason: 'timeout', ack_ms: 5 },
    });
  });
});

it('each line of the files and of a console for machines says which build it is of; one for people does not', async () => {
  const every = async (format: 'pretty' | 'json' | 'ecs') => {
    const { logging, context, screen, directory } = open({ ...at, format });
    logging.logger('main').debug('outside');
    context.run(INVOCATION, () => logging.logger('command.ping').warn('inside', { n: 1 }));
    logging.invocationLog('commands')(INVOCATION, 'error', 'settled', { error: new Error('broken') });
    await logging.close();
    expect(fileLines(directory)).toMatchObject([BUILD, BUILD, BUILD]);
    expect(fileLines(directory, 'error')).toMatchObject([BUILD]);
    return screen.text;
  };
  expect(parse(await every('json'))).toMatchObject([BUILD, BUILD, BUILD]);
  const ecs = { service: { name: 'telltale', version: BUILD.version }, labels: { commit: BUILD.commit } };
  expect(parse(await every('ecs'))).toMatchObject([ecs, ecs, ecs]);
  expect(await every('pretty')).not.toMatch(/1\.2\.3|4bf92f3|version|commit/);
});

it('a command that logs a version of its own keeps it, beside that of the bot', async () => {
  const own = { version: 7, commit: 'its own' };
  const kept = { version_: 7, commit_: 'its own' };
  for (const format of ['json', 'ecs', 'pretty'] as const) {
    const { logging, screen, directory } = open({ ...at, format });
    logging.logger('command.deploy').info('deployed', own);
    await logging.close();
    expect(fileLines(directory)).toMatchObject([{ ...kept, ...BUILD }]);
    if (format === 'json') expect(parse(screen.text)).toMatchObject([{ ...kept, ...BUILD }]);
    if (format === 'ecs') expect(parse(screen.text)).toMatchObject([{ telltale: kept }]);
    if (format === 'pretty') expect(screen.text).toContain('deployed version_=7 commit_="its own"');
  }
});

it.each(['pretty', 'json', 'ecs'] as const)(
  'a %s console shows what is not seen in a text, and leaves Korean and joined emoji as they are',
  async (format) => {
    const { logging, screen } = open({ ...at, format });
    const readable = '한국어 👨‍👩‍👧 ❤️ می‌خواهم é';
    logging.logger('main').info(`${readable} to\u200bk\u00aden\ufeff\u{e0041}`);
    await logging.close();
    expect(screen.text).toContain(`${readable} to\\u200bk\\u00aden\\ufeff\\udb40\\udc41`);
  },
);
