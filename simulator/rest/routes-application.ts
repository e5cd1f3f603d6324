import type { APIApplicationCommand } from 'discord-api-types/v10';
import { asArray, asRecord } from '../json';
import { withoutLocalizations } from '../commands/normalise';
import type { CommandScope } from '../commands/store';
import { apiApplication, apiUser } from '../payloads';
import type { Backend } from '../backend';
import { missingAccess, unknownUser } from './errors';
import { invalidForm } from './problems';
import { noContent, ok, route, type Answer, type Call } from './route';

const gatewayBot = (backend: Backend): Answer =>
  ok({
    url: backend.gatewayUrl(),
    shards: backend.shards,
    session_start_limit: backend.limits.sessionStartLimit,
  });

export const applicationRoutes = [
  route('GET', '/gateway', (_call, backend) => ok({ url: backend.gatewayUrl() }), 'none'),
  route('GET', '/gateway/bot', (_call, backend) => gatewayBot(backend)),
  route('GET', '/applications/@me', (_call, backend) => ok(apiApplication(backend.world))),
  route('GET', '/oauth2/applications/@me', (_call, backend) => ok(apiApplication(backend.world))),
  route('GET', '/users/@me', (_call, backend) => ok(apiUser(backend.world.bot))),
  route('GET', '/users/:userId', ({ params }, backend) => {
    const person = backend.world.personById(params.userId);
    if (person === undefined) throw unknownUser();
    return ok(apiUser(person));
  }),
  ...commandRoutes('/applications/:applicationId/commands'),
  ...commandRoutes('/applications/:applicationId/guilds/:guildId/commands'),
];

function commandRoutes(base: string) {
  return [
    route('GET', base, (call, backend) => ok(scopeOf(call, backend).all.map((one) => listed(call, one)))),
    route('PUT', base, (call, backend) => {
      if (!Array.isArray(call.body)) {
        throw invalidForm([], 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
      }
      return ok(write(call, backend, (scope) => scope.putAll(asArray(call.body).map(asRecord))));
    }),
    route('POST', base, (call, backend) => {
      const { command, created } = write(call, backend, (scope) => scope.put(call.body));
      return { status: created ? 201 : 200, body: command };
    }),
    route('GET', `${base}/:commandId`, (call, backend) =>
      ok(listed({ ...call, query: FULL }, scopeOf(call, backend).get(idOf(call)))),
    ),
    route('PATCH', `${base}/:commandId`, (call, backend) =>
      ok(write(call, backend, (scope) => scope.edit(idOf(call), asRecord(call.body)))),
    ),
    route('DELETE', `${base}/:commandId`, (call, backend) => {
      write(call, backend, (scope) => scope.delete(idOf(call)));
      return noContent;
    }),
  ];
}

const FULL = new URLSearchParams({ with_localizations: 'true' });

const idOf = (call: Call): string => call.params.commandId ?? '';

const listed = (call: Call, command: APIApplicationCommand): unknown =>
  call.query.get('with_localizations') === 'true' ? command : withoutLocalizations({ ...command });

function scopeOf(call: Call, backend: Backend): CommandScope {
  const { applicationId, guildId } = call.params;
  const isKnownGuild = guildId === undefined || backend.world.guild(guildId) !== undefined;
  if (applicationId !== backend.world.bot.id || !isKnownGuild) throw missingAccess();
  return backend.commands.scope(guildId ?? null);
}

function write<Result>(call: Call, backend: Backend, change: (scope: CommandScope) => Result): Result {
  const result = change(scopeOf(call, backend));
  backend.commands.wrote(call.method, call.path);
  return result;
}
