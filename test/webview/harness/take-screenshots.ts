/** Takes a picture of every state in every theme to `.cache/screens/panel-STATE-THEME.png`. Arguments: state names, all by default. */
import { mkdir } from 'node:fs/promises';
import { startHarness } from './open-panel.ts';
import { states } from './states.ts';
import { themeNames, type ThemeName } from './themes.ts';

const args = process.argv.slice(2);
const themes = args.filter((arg) => (themeNames as readonly string[]).includes(arg)) as ThemeName[];
const names = args.filter((arg) => !(themeNames as readonly string[]).includes(arg));
await mkdir('.cache/screens', { recursive: true });
const harness = await startHarness();
for (const theme of themes.length > 0 ? themes : themeNames) {
  for (const state of states) {
    if (names.length > 0 && !names.includes(state.name)) continue;
    const panel = await harness.open({ theme, width: state.width ?? 560, height: state.height ?? 640 });
    try {
      await state.show(panel);
      const complaint = panel.sent.find(
        (message) => message.type === 'copy' && /^(PAGE ERROR|CONSOLE)/.test(message.text ?? ''),
      );
      if (complaint) console.log(state.name, JSON.stringify(complaint));
      await panel.page.screenshot({ path: `.cache/screens/panel-${state.name}-${theme}.png` });
    } catch (error) {
      console.log(state.name, theme, error instanceof Error ? error.message.slice(0, 400) : error);
    }
    await panel.close();
  }
}
await harness.close();
