import type { Clock, Logger } from '@watertight/service';
import type { CaptureParts } from '../capture/publish-page.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import type { Admission } from './admission.ts';

export interface BackfillParts extends CaptureParts {
  readonly source: MiraklSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly admission: Admission;
}
