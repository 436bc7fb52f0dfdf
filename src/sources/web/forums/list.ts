/** The forum engines whose markup is read. A new one is one file and one line here; test/unit/sources/web-forums.test.ts runs over this list. */
import { bbpress } from './bbpress.ts';
import type { ForumMarkup } from './markup.ts';
import { phpbb } from './phpbb.ts';
import { vbulletin3 } from './vbulletin-3.ts';
import { vbulletin4 } from './vbulletin-4.ts';
import { vbulletin5 } from './vbulletin-5.ts';
import { xenforo1 } from './xenforo-1.ts';
import { xenforo2 } from './xenforo-2.ts';

export const forumMarkups: readonly ForumMarkup[] = [bbpress, phpbb, vbulletin3, vbulletin4, vbulletin5, xenforo1, xenforo2];
