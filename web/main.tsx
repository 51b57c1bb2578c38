import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { meQuery } from './api/me.ts';
import { followParts } from './api/parts.ts';
import { queries } from './api/queries.ts';
import { Application } from './app.tsx';
import './theme/base.css';
import { paint } from './theme/shade.ts';
import { firstLang } from './words/choice.ts';
import { startWords } from './words/words.ts';

paint();
followParts();
// Asked while the words are on their way: nobody waits twice.
const words = startWords(firstLang());
void queries.prefetchQuery(meQuery);
await words;

const root = document.getElementById('app');
if (!root) throw new Error('index.html has lost its #app');
createRoot(root).render(
  <StrictMode>
    <Application />
  </StrictMode>,
);
