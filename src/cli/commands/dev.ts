import { readConfig } from '../../config.ts';
import { command } from '../command.ts';
import { serve } from '../serve.ts';

export const dev = command({
  name: 'dev',
  summary: 'Runs a development server: demonstration data, the outbox and the clock under /_dev.',
  async run({ environment }) {
    await serve(readConfig('development', environment));
  },
});
