/** JSON that no other recogniser knows: said, since a person who pastes it means something by it. */
import { parseJsonObject } from '../../credentials/json-object.ts';
import type { Recogniser } from '../pasted.ts';

export const otherJson: Recogniser = {
  id: 'other-json',
  read(text) {
    if (!/^[{[]/.test(text)) return undefined;
    const problem = parseJsonObject(text)
      ? 'This JSON holds no sign-in: expected is an entry of Security.Auth, or oauth2_ variables.'
      : 'This JSON ends too early or has an error in it. Paste a whole object, from { to }.';
    return { found: [], problem };
  },
};
