/** What strangers write into fields. For tests only. */
export const hostile = {
  import: '#import "@preview/cetz:0.3.0": *',
  read: '#read("/etc/passwd") #sys.inputs',
  closing: '*]$\\ }) // /* */ <label> @ref `raw` _x_ = y',
  markup: '</w:t></w:r><w:p>&amp;&lt;!--]]><?xml?>"\'',
  reversed: 'a\u202egpj.exe\u2066b',
  control: 'a\u0000\u001b[31m\u0008\u007f\u0085\ufeffb',
  halves: 'x\ud800y\udc00z',
  emoji: '👩‍👩‍👧‍👦 ok 😀️',
  scripts: 'שלום مرحبا 안녕 ไทย Ωж é',
  rare: '龘靐齉𠮷〇㐂',
  lines: 'one\r\ntwo\u2028three\tfour',
  endless: 'x'.repeat(10_000),
  endlessChinese: '明'.repeat(10_000),
  combining: `e${'\u0301'.repeat(500)}`,
  proto: '__proto__',
} as const;
