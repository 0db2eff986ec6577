import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Whoever builds from within a test gets the same console as everybody else.
if (process.argv.includes('build')) process.env['NODE_ENV'] = 'production';

export default defineConfig({
  plugins: [react()],
  // The monitor's policy lets no inline script run, and nothing is loaded from elsewhere.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
  },
});
