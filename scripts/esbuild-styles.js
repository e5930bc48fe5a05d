/** Style sheets as text in a bundle, without the blanks and comments that only their authors need. */
import { transform } from 'esbuild';
import { readFile } from 'node:fs/promises';

export const styles = {
  name: 'styles',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'css',
        minify: build.initialOptions.minify === true,
        target: 'chrome120',
      });
      return { contents: code, loader: 'text' };
    });
  },
};
