import { GatewayOpcodes } from 'discord-api-types/v10';
import type { Faults, ShardChoice } from '../faults';
import type { Connection } from './connection';

/** What can go wrong at the gateway, and what it has to ask before it goes on. */
export interface GatewayFaults extends Omit<Faults, 'rest' | 'rejectToken'> {
  /** Runs the function now, or once READY is no longer held. */
  whenReadyMayGo(go: () => void): void;
  /** Counts an attempt to resume; true if it is to be refused. */
  refusesResume(): boolean;
  /** Gives a new connection the lasting faults of its shard. */
  afflict(connection: Connection): void;
}

type Affliction = 'mute' | 'deaf';

export function createGatewayFaults(connections: ReadonlySet<Connection>): GatewayFaults {
  const ready = createReadyHold();
  let resumesToRefuse = 0;
  const each = (choice: ShardChoice, act: (connection: Connection) => void): void => {
    for (const connection of connections) if (isMeant(connection, choice)) act(connection);
  };
  const { begin, end, afflict } = createAfflictions(each);

  return {
    closeGateway: (code, choice = {}) => each(choice, (connection) => connection.close(code)),
    reconnect: (choice = {}) => each(choice, (one) => one.send(GatewayOpcodes.Reconnect, null)),
    invalidSession: (choice) => each(choice, (one) => one.invalidate(choice.resumable)),
    requestHeartbeat: (choice = {}) => each(choice, (one) => one.send(GatewayOpcodes.Heartbeat, null)),
    refuseResumes(count) {
      resumesToRefuse = count;
    },
    stopAcks: (choice = {}) => begin('mute', choice),
    resumeAcks: () => end('mute'),
    stopDispatches: (choice = {}) => begin('deaf', choice),
    resumeDispatches: () => end('deaf'),
    holdReady: ready.hold,
    whenReadyMayGo: ready.whenFree,
    clear() {
      resumesToRefuse = 0;
      end('mute');
      end('deaf');
      ready.free();
    },
    refusesResume() {
      if (resumesToRefuse === 0) return false;
      resumesToRefuse -= 1;
      return true;
    },
    afflict,
  };
}

type Each = (choice: ShardChoice, act: (connection: Connection) => void) => void;

/** What befalls connections until it ends, and, if it lasts, those that are made meanwhile. */
function createAfflictions(each: Each) {
  const lasting: { readonly affliction: Affliction; readonly choice: ShardChoice }[] = [];
  const begin = (affliction: Affliction, choice: ShardChoice & { readonly lasting?: boolean }): void => {
    if (choice.lasting === true) lasting.push({ affliction, choice });
    each(choice, (connection) => connection.afflictions.add(affliction));
  };
  const end = (affliction: Affliction): void => {
    lasting.splice(0, lasting.length, ...lasting.filter((one) => one.affliction !== affliction));
    each({}, (connection) => connection.afflictions.delete(affliction));
  };

  const afflict = (connection: Connection): void => {
    for (const { affliction, choice } of lasting) {
      if (isMeant(connection, choice)) connection.afflictions.add(affliction);
    }
  };
  return { begin, end, afflict };
}

function isMeant(connection: Connection, choice: ShardChoice): boolean {
  if (connection.session === null) return false;
  return choice.shard === undefined || connection.session.shard === choice.shard;
}

function createReadyHold() {
  let held = false;
  let waiting: (() => void)[] = [];
  const free = (): void => {
    held = false;
    const released = waiting;
    waiting = [];
    for (const go of released) go();
  };
  return {
    free,
    hold: (): (() => void) => {
      held = true;
      return free;
    },
    whenFree: (go: () => void): void => {
      if (held) waiting.push(go);
      else go();
    },
  };
}
