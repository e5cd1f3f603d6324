import './configurations';
import { clearEcsLines } from './ecs-lines';
import './log-page';

/** docs/logs.md and config/ against the lines of one run, which takes longer than all that is held against it. */

afterAll(clearEcsLines);
