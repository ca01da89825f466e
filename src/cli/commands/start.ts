import { readConfig } from '../../config.ts';
import { command } from '../command.ts';
import { serve } from '../serve.ts';

export const start = command({
  name: 'start',
  summary: 'Runs the server. COUNTERSIGN_URL and COUNTERSIGN_SECRET must be set.',
  async run({ environment }) {
    await serve(readConfig('production', environment));
  },
});
