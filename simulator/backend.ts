import type { Attachments } from './attachments';
import type { CommandBook } from './commands/book';
import type { StartLimits } from './gateway/limits';
import type { ExchangeBook } from './interactions/book';
import type { Messages } from './messages';
import type { World } from './world';

/** Everything that there is behind Discord's two doors. */
export interface Backend {
  readonly world: World;
  readonly messages: Messages;
  readonly attachments: Attachments;
  readonly commands: CommandBook;
  readonly exchanges: ExchangeBook;
  readonly limits: StartLimits;
  readonly shards: number;
  readonly gatewayUrl: () => string;
  /** Sends to those who are to hear of it; see `Gateway.audience`. */
  readonly dispatch: (event: string, data: unknown, guildId: string | null, intents?: number) => void;
}
