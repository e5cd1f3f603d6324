import { createStage } from '../support/bot';
import { realLines, type RealLines } from './real-lines';

const stage = createStage();
let lines: Promise<RealLines> | undefined;

/** The lines of one run in ECS: the bot is started once for all tests of a suite. */
export const ecsLines = (): Promise<RealLines> => (lines ??= realLines(stage, 'ecs'));

export const clearEcsLines = (): Promise<void> => stage.clear();
