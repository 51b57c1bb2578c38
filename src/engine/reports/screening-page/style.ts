/** The whole look of the report. Held as text because the page's policy names its hash. */
export const style = `
:root{color-scheme:light dark;--bar:0px;
--paper:#fbfaf7;--card:#fffefb;--sunk:#f3f1ea;--ink:#1d2129;--quiet:#555c66;--line:#dedacf;--line-strong:#b9b4a6;--accent:#2f6f62;--on-accent:#fff;--link:#2a6458;
--strong:#b3362a;--some:#b7791f;--little:#5b6b7a;--declared:#2b5c9e;--na:#6d717a;--un:#55504a;
--strong-text:#a32e23;--some-text:#85540c;--good-text:#2a6458;--conflict-ground:#fdf1ee;--focus:#2f6f62}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#1b1a18;--card:#23211f;--sunk:#2a2825;--ink:#ebe7de;--quiet:#b0aa9e;--line:#3a3733;--line-strong:#5c5750;--accent:#2f6f62;--on-accent:#fff;--link:#84c4b5;
--strong:#e5705f;--some:#dba24a;--little:#9fb0c0;--declared:#86aee6;--na:#a29c91;--un:#bdb6a9;
--strong-text:#f08b7c;--some-text:#e3b060;--good-text:#84c4b5;--conflict-ground:#2f211e;--focus:#84c4b5}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:calc(var(--bar) + 48px)}
body{margin:0 auto;padding:0 24px 64px;max-width:1328px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans SC","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
html[lang="zh-CN"] body{line-height:1.6}
h1,h2,h3,h4,p,ul,dl,dd,figure{margin:0;padding:0}
h1{font-size:24px;line-height:32px;font-weight:600;letter-spacing:-.01em}
h2{font-size:18px;line-height:24px;font-weight:600}
h3{font-size:15px;line-height:24px;font-weight:600}
h4{font-size:14px;font-weight:400}
a{color:var(--link)}
code,pre,.path,.hash,kbd{font-family:ui-monospace,"SF Mono","Cascadia Mono",Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace;font-size:.86em}
.hash,.path{overflow-wrap:anywhere}
.quiet,.hint{color:var(--quiet)}
.hint{font-size:13px;font-weight:400}
.sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.sheet{position:absolute}
.skip{position:absolute;left:-9999px}
.skip:focus{left:24px;top:8px;background:var(--card);padding:8px 16px;z-index:9}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:2px}
.glyph{width:14px;height:14px;flex:none;vertical-align:-2px;margin-right:8px}
.g-strong{color:var(--strong)}.g-some{color:var(--some)}.g-little{color:var(--little)}.g-declared{color:var(--declared)}.g-not-applicable{color:var(--na)}.g-unexaminable{color:var(--un)}
.unseen{font:600 .72em/1 ui-monospace,Consolas,monospace;border:1px solid var(--line-strong);border-radius:3px;padding:1px 3px;margin:0 1px;color:var(--strong-text);background:var(--card);unicode-bidi:isolate;white-space:nowrap}
button,select,input{font:inherit;color:inherit}
button{background:var(--card);border:1px solid var(--line-strong);border-radius:4px;padding:5px 16px;min-height:36px;cursor:pointer;transition:background-color .12s}
button:hover{background:var(--sunk)}
button.small{min-height:24px;padding:1px 8px;font-size:12.5px;line-height:20px}
html:not(.js) button{display:none}

.masthead{padding:32px 0 20px}
.masthead .name{display:flex;align-items:center;gap:8px;color:var(--link);margin-bottom:16px}
.mirror{width:22px;height:22px}
.unfinished{margin-top:16px;padding:8px 16px;border-left:3px solid var(--some);background:var(--sunk)}

.bar{position:sticky;top:0;z-index:3;background:var(--paper);border-bottom:1px solid var(--line);padding:8px 0;display:flex;flex-wrap:wrap;gap:8px 24px;align-items:center;justify-content:space-between}
.bar[hidden]{display:none}
.chips,.tools{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.tools{gap:8px 16px;color:var(--quiet);font-size:13px}
.chip{display:inline-flex;align-items:center;gap:0;min-height:32px;padding:2px 12px;font-size:13px;border-color:var(--line)}
.chip[hidden]{display:none}
.chip b{margin-left:8px}
.chip[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.chip[aria-pressed=true] .glyph{color:var(--on-accent)}
.bar input,.bar select{min-height:32px;padding:2px 8px;border:1px solid var(--line-strong);border-radius:4px;background:var(--card);color:var(--ink)}
.bar input{width:220px}
output{min-width:64px}
kbd{border:1px solid var(--line-strong);border-radius:3px;padding:0 5px;font-size:11.5px;background:var(--card)}

.file{content-visibility:auto;contain-intrinsic-size:auto 37px;border-bottom:1px solid var(--line)}
.file[hidden]{display:none}
.file[open]{contain-intrinsic-size:auto 1200px;border-bottom-color:var(--line-strong)}
.row,.heads{display:grid;grid-template-columns:152px minmax(0,5fr) minmax(0,6fr) 84px 116px 48px 72px;gap:0 16px;align-items:center;padding:0 8px}
.row{min-height:36px;cursor:pointer;list-style:none}
.heads{flex-basis:100%;font-size:12px;line-height:16px;color:var(--quiet);margin-bottom:-2px}
.heads :last-child{text-align:right}
.row::-webkit-details-marker{display:none}
.row:hover{background:var(--sunk)}
.row:focus-visible{outline-offset:-2px}
.file[open]>.row{position:sticky;top:var(--bar);z-index:2;background:var(--sunk);border-bottom:1px solid var(--line);min-height:40px}
.row span{min-width:0}
.c-word{display:flex;align-items:center;white-space:nowrap}
.c-name{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;font-weight:500;contain:paint;padding:4px 0}
.folder{color:var(--quiet);font-weight:400;font-size:13px;margin-left:4px}
.file[open] .c-name{white-space:normal;overflow-wrap:anywhere;grid-column:span 2}
.row .c-why{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;color:var(--quiet);font-size:13.5px}
.file[open] .c-why{display:none}
.c-flag{color:var(--strong-text);white-space:nowrap;font-size:13px}
.c-flag .glyph{margin-right:4px}
.c-status,.c-format,.c-size{color:var(--quiet);font-size:13px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.c-size{text-align:right}

.body{padding:24px 8px 40px}
.lead{display:grid;grid-template-columns:minmax(0,1fr);gap:16px;margin-bottom:24px}
.verdict{padding:16px 24px;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--na);border-radius:4px}
.v-strong{border-left-color:var(--strong)}.v-some{border-left-color:var(--some)}.v-little{border-left-color:var(--little)}.v-declared{border-left-color:var(--declared)}
.v-unexaminable{border-left-color:var(--un);background:repeating-linear-gradient(135deg,var(--card) 0 9px,var(--sunk) 9px 10px)}
.verdict .word{font-weight:600;font-size:14px;display:flex;align-items:center}
.verdict .sentence{font-size:20px;line-height:30px;max-width:62ch;margin:4px 0 8px;text-wrap:pretty}
.because,.propagation{color:var(--quiet);font-size:14px}
.propagation{margin-top:8px;padding-top:8px;border-top:1px solid var(--line)}
.propagation b{color:var(--ink)}
.propagation .term{margin-right:4px}
.badge{display:inline-block;min-width:20px;height:20px;line-height:18px;padding:0 5px;border:1px solid var(--line-strong);border-radius:10px;text-align:center;font-size:12px;font-weight:600;color:var(--ink);background:var(--card);text-decoration:none;vertical-align:1px}
a.badge:hover{border-color:var(--accent);color:var(--link)}
.c-why .override{color:var(--ink);font-weight:600}
section.override{padding:16px 24px;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--accent);border-radius:4px}
section.override .word{font-weight:600;font-size:20px;line-height:30px;display:flex;align-items:center}
.notes ul{list-style:none;margin:0;padding:0}
.notes li{padding:8px 0;border-top:1px solid var(--line)}
.said{min-height:1lh;overflow-wrap:anywhere;max-width:70ch}
.conflict{border:2px solid var(--strong);border-radius:4px;background:var(--conflict-ground);padding:16px 24px}
.conflict h3{color:var(--strong-text)}
.conflict>p{font-size:16px;max-width:70ch}
.statements{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,280px),1fr));gap:16px;margin-top:12px}
.statement{background:var(--card);border:1px solid var(--line);border-radius:4px;padding:12px 16px}
.says{font-weight:600}
.statement .quiet{font-size:13px}

.columns{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:32px;align-items:start}
.columns.single{grid-template-columns:minmax(0,1fr)}
.columns.single .words{max-width:860px}
.pictures{display:grid;grid-template-columns:minmax(0,1fr);gap:32px;min-width:0}
.words{display:grid;grid-template-columns:minmax(0,1fr);gap:24px;min-width:0}

.strip{display:flex;gap:8px;overflow-x:auto;padding:2px 2px 8px}
.strip figure{flex:none}
.strip .frame{display:block;overflow:hidden;border-radius:3px;background:var(--sunk);line-height:0}
.strip img{display:block;height:112px;width:auto;max-width:none;filter:blur(14px) grayscale(1);transform:scale(1.15);transition:filter .14s,transform .14s}
.strip.alone img{height:auto;width:100%;max-width:320px}
.strip.alone .frame{max-width:320px}
.revealed img{filter:none;transform:none}
.strip figcaption{font-size:12px;color:var(--quiet);text-align:center}
.reveal{margin-top:8px;font-size:13px}
.reveal button{margin-right:8px}

.chart figcaption{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 12px;margin-bottom:8px}
.chart figcaption button{margin-left:auto}
.chart svg{display:block;overflow:hidden}
.chart text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans SC","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}
.chart .tick-name{fill:var(--quiet);font-size:11.5px}
.tick{stroke:var(--line);stroke-width:1}
.axis,.lane{stroke:var(--line-strong);stroke-width:1}
.lane-name{fill:var(--quiet)}
.wave{fill:var(--accent);stroke:var(--accent);stroke-width:1;vector-effect:non-scaling-stroke}
.still{fill:var(--line-strong)}
.chart .on-dark{fill:#f6f2df;font-size:11px}
.span{stroke-width:2}
.s-strong,.m-strong{fill:var(--strong);stroke:var(--strong)}.s-some,.m-some{fill:var(--some);stroke:var(--some)}.s-little,.m-little{fill:var(--little);stroke:var(--little)}.s-declared,.m-declared{fill:var(--declared);stroke:var(--declared)}.s-not-applicable,.m-not-applicable{fill:var(--na);stroke:var(--na)}
.file-bar{fill:var(--sunk);stroke:var(--line-strong)}
.lens{fill:var(--card);stroke:var(--line-strong)}
.guide{stroke:var(--line-strong);stroke-dasharray:3 3}
.mark{stroke-width:2}
.chart .span-shape{fill:var(--card);font-size:9px}
.chart .shape-strong{fill:var(--strong)}.chart .shape-some{fill:var(--some-text)}.chart .shape-little{fill:var(--little)}.chart .shape-declared{fill:var(--declared)}.chart .shape-not-applicable{fill:var(--na)}
.chart .mark-number{font-weight:600}
.edge{fill:none;stroke:var(--line-strong);stroke-width:1.5}
.node{fill:var(--card);stroke:var(--line-strong);stroke-width:1}
.n-trusted{stroke:var(--accent);stroke-width:2}.n-unlisted,.n-carries{stroke:var(--declared)}.n-failed{stroke:var(--strong);stroke-width:2}.n-bare{stroke-dasharray:4 3}
rect.node{width:calc(100% - 1px)}rect.d1{width:calc(100% - 23px)}rect.d2{width:calc(100% - 45px)}rect.d3{width:calc(100% - 67px)}rect.d4{width:calc(100% - 89px)}rect.d5{width:calc(100% - 111px)}rect.d6{width:calc(100% - 133px)}
.chart .node-title{font-size:13px;font-weight:600}
.chart .node-failure{fill:var(--strong-text)}

.layer,.signals,.findings ul{display:grid;grid-template-columns:minmax(0,1fr)}
.layer{gap:12px}
.signals{gap:24px}
.signal{background:var(--card);border:1px solid var(--line);border-radius:4px;padding:12px 16px;scroll-margin-top:calc(var(--bar) + 64px)}
.signal:target,.signal:focus{border-color:var(--accent);outline:1px solid var(--accent)}
.signal h4{display:flex;flex-wrap:wrap;align-items:center;gap:0 8px}
.signal h4 .glyph{margin-right:0}
.signal .strength{font-weight:600}
.signal .method{margin-left:auto;color:var(--quiet)}
.signal .claim::before{content:"·";margin-right:8px;color:var(--quiet)}
.what{font-size:16px;margin:8px 0;text-wrap:pretty}
.points{display:grid;grid-template-columns:minmax(88px,max-content) minmax(0,1fr);gap:6px 16px;font-size:14px}
.points dt{color:var(--quiet)}
.where,.plain{list-style:none}
.rate{display:flex;flex-wrap:wrap;align-items:center;gap:0 8px}
.dot-and-bar{width:120px;height:12px;flex:none}
.dot-and-bar .scale{stroke:var(--line-strong);fill:none}
.dot-and-bar .interval{stroke:var(--little);stroke-width:3.5}
.dot-and-bar circle{fill:var(--ink)}
.outcome{white-space:nowrap}
.amiss{margin-top:4px}
.amiss li{padding-left:20px;text-indent:-20px}
.amiss li>*{text-indent:0}
.outcome+.outcome{margin-left:8px}
.o-pass{color:var(--good-text)}.o-fail{color:var(--strong-text);font-weight:600}.o-warn{color:var(--some-text)}
.unverified{display:inline-block;border:1px dashed var(--some);border-radius:3px;padding:0 5px;font-size:12px;color:var(--some-text);white-space:nowrap}
.silent{color:var(--quiet);border-top:1px solid var(--line);padding-top:12px;font-size:14px}
.fold{margin-top:8px}
.fold>summary{cursor:pointer;color:var(--link);font-size:13.5px;padding:4px 0;width:fit-content}
pre{margin:8px 0 0;padding:12px 16px;background:var(--sunk);border-radius:4px;overflow:auto;max-height:420px;font-size:12.5px;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:2}
.with-copy{position:relative}
.with-copy button{position:absolute;right:8px;top:8px}
.scroll{overflow-x:auto;margin-top:8px}
table{border-collapse:collapse;width:100%;font-size:13px}
th{text-align:left;font-weight:500;color:var(--quiet);white-space:nowrap}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.number{white-space:nowrap}
.subject{overflow-wrap:anywhere}
.findings ul{list-style:none;gap:8px;margin-top:8px}
.findings li{border-left:3px solid var(--line-strong);padding:2px 0 2px 12px;font-size:14px}
.f-error{border-left-color:var(--strong)!important}.f-warning{border-left-color:var(--some)!important}
.severity{font-weight:600;margin-right:4px}
.f-error .severity{color:var(--strong-text)}.f-warning .severity{color:var(--some-text)}
.facts{margin-top:32px;padding-top:24px;border-top:1px solid var(--line)}
.facts>.points{margin:8px 0 16px}

footer{margin-top:48px;padding-top:24px;border-top:1px solid var(--line-strong)}
.totals{font-size:16px;margin-bottom:32px}
.total{display:inline-block;margin-left:16px;white-space:nowrap}
.legend{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:8px 24px;margin:12px 0 24px;max-width:900px;font-size:14px}
.legend dt{font-weight:600}

@media screen and (max-width:1000px){.row,.heads{grid-template-columns:152px minmax(0,1fr) 84px 116px 48px 72px}.row .c-why,.heads .c-why{display:none}.file[open] .c-name{grid-column:auto}.columns{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:700px){
body{padding:0 16px 48px}
.masthead{padding:20px 0 16px}
.bar{position:static}
.keys,.heads{display:none}
.bar input{flex:1 1 140px;width:auto}
.row{grid-template-columns:minmax(0,1fr) auto;gap:0 8px;padding:6px 4px}
.c-word{grid-column:1;grid-row:2;font-size:13px}.c-name,.file[open] .c-name{grid-column:1/-1;grid-row:1}.c-flag{grid-column:2;grid-row:2}.c-status,.c-format,.c-size{display:none}
.file{contain-intrinsic-size:auto 66px}
.body{padding:16px 0 32px}
.verdict,.conflict,section.override{padding:12px 16px}
.verdict .sentence{font-size:18px;line-height:27px}
.points{grid-template-columns:minmax(0,1fr);gap:0}
.points dd{margin-bottom:8px}
.signal .method{margin-left:0;flex-basis:100%}
.legend{grid-template-columns:minmax(0,1fr);gap:0}
.legend dd{margin-bottom:8px}
button.small{min-height:32px}
}
@media screen and (max-height:560px){.bar{position:static}}
@media (prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important}}
@media print{
@page{margin:14mm 12mm}
body{max-width:none;padding:0;font-size:9.5pt;line-height:1.45;background:#fff}
.bar,button,.skip,.reveal,details[data-raw]{display:none!important}
.masthead{padding:0 0 12px}
.file{content-visibility:visible;border-bottom:0}
.file+.file,#end{break-before:page}
.file>.row,.file[open]>.row{position:static;grid-template-columns:140px minmax(0,1fr) 76px 72px 44px 64px;background:var(--sunk)}
.row .c-why{display:none}
.file[open] .c-name{grid-column:auto}
.body{padding:12px 0 0}
/* Grids do not break across pages well; blocks do. */
.lead,.columns,.pictures,.words,.signals,.layer{display:block}
.lead>*,.pictures>*,.words>*,.signals>*,.signal{margin-bottom:14px}
.verdict .sentence{font-size:13pt;line-height:1.4}
.conflict>p,.what{font-size:10.5pt}
.statements{grid-template-columns:repeat(3,minmax(0,1fr))}
.verdict,.conflict,section.override,.notes li,.chart>svg,.stills,.statement,tr,.points>*,.findings li{break-inside:avoid}
h2,h3,h4,figcaption,.row,.fold>summary,.what{break-after:avoid}
.strip{flex-wrap:wrap;overflow:visible}
.strip img{height:76px}
.strip.alone img{width:200px}
.fold>summary{color:var(--quiet);list-style:none}
pre{max-height:none;font-size:7.5pt;padding:8px 10px;columns:2;column-gap:16px;overflow:visible}
.scroll{overflow:visible}
table{font-size:8pt}
th,td{padding:4px 8px 4px 0}
th{white-space:normal}
td{overflow-wrap:anywhere}
.points{font-size:9pt;gap:2px 16px}
.facts{margin-top:8px;padding-top:12px}
footer{margin-top:0;border-top:0}
details:not([data-raw])::details-content{content-visibility:visible;display:block;height:auto}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
