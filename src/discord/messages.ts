import { english, type Messages } from './messages/english';
import { korean } from './messages/korean';

/** Every sentence that a user is shown, in every language we speak. */

export { formatNumber, formatPercentage, formatShare } from './messages/formats';
export type { Messages } from './messages/english';

/** The sentences for a user, by the locale that Discord gives for them: Korean, or else English. */
export function messagesFor(locale: string): Messages {
  return locale === 'ko' ? korean : english;
}
