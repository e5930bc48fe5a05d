/** The suites that vitest runs, one project each: `vitest run --project unit`. The host suite has a launcher of its own. */
import { configDefaults, defineConfig } from 'vitest/config';

const setupFiles = ['test/support/fixed-seed.ts'];

export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, '.cache/**', '.vscode-test/**'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reportsDirectory: '.cache/coverage' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles,
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'hostile',
          include: ['test/hostile/**/*.test.ts'],
          setupFiles,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/webview/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // One workbench at a time: each file starts a VS Code and a browser of its own.
          fileParallelism: false,
        },
      },
    ],
  },
});
