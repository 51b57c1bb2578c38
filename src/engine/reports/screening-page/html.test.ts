import { describe, expect, test } from 'vitest';
import { cut, embeddedJson, html, isolate, plain, prettyJson, sentenceMarkup, shown } from './html.ts';

describe('html', () => {
  test.each([
    ['text', html`<p>${'<b>&"\'`'}</p>`, '<p>&#60;b&#62;&#38;&#34;&#39;&#96;</p>'],
    ['attribute', html`<p title="${'" onclick="x'}"></p>`, '<p title="&#34; onclick=&#34;x"></p>'],
    ['escape sequence', html`${'\u001b[31m\n'}`, '⟨ESC⟩[31m⟨LF⟩'],
    ['direction override', html`${'a\u202eb'}`, 'a⟨U+202E⟩b'],
    ['markup of ours', html`${html`<i>${'<'}</i>`}`, '<i>&#60;</i>'],
    ['list and nothing', html`${['a', null, html`<br>`]}`, 'a<br>'],
    ['no number', html`${Number.NaN}${Number.POSITIVE_INFINITY}${1.5}`, '1.5'],
  ])('%s', (_, given, markup) => {
    expect(given.markup).toBe(markup);
  });
});

describe('foreign text', () => {
  test('shows what cannot be seen and keeps its writing direction to itself', () => {
    expect(shown('שלום\u202e<gpj.exe').markup).toBe(
      '<bdi>שלום<span class="unseen" title="U+202E">U+202E</span>&#60;gpj.exe</bdi>',
    );
  });

  test('cannot end the fence around it', () => {
    const sentence = sentenceMarkup(`Signed by ${isolate('Eve\uE001 <b>\u2069')}.`);
    expect(sentence.markup).toBe('Signed by <bdi>Eve⟨U+E001⟩ &#60;b&#62;⟨U+2069⟩</bdi>.');
  });

  test('shows a private-use character instead of taking it for a fence', () => {
    expect(shown('\uE000').markup).toContain('U+E000');
  });

  test.each([
    ['lone surrogate', 'a\ud800b', 'a⟨U+D800⟩b'],
    ['tag character', 'a\u{e0041}', 'a⟨U+E0041⟩'],
    ['zero width', 'pay\u200bpal', 'pay⟨U+200B⟩pal'],
    ['emoji stays', '🎭 面具', '🎭 面具'],
  ])('%s', (_, text, seen) => {
    expect(plain(text)).toBe(seen);
  });

  test('is cut between characters, not inside one', () => {
    expect(cut('🎭🎭🎭', 2)).toBe('🎭…');
    expect(cut('abc', 3)).toBe('abc');
  });
});

describe('json', () => {
  test('cannot leave its script element', () => {
    const value = { a: '</script><!--<script>&\u2028' };
    const { markup } = embeddedJson(value);
    expect(markup).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(markup)).toEqual(value);
  });

  test('is shown with unseen characters as escapes', () => {
    expect(prettyJson({ a: '\u202e\u001b\u0007é' }).markup).toBe(
      '{\n  &#34;a&#34;: &#34;\\u202e\\u001b\\u0007é&#34;\n}',
    );
  });
});
