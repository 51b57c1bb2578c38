// Before anything is drawn: the theme and the language that were chosen on this machine, so that nothing flashes.
{
  const theme = localStorage.getItem('clearmirror.theme') ?? 'system';
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  const lang = localStorage.getItem('clearmirror.lang') ?? navigator.language;
  document.documentElement.lang = lang.startsWith('zh') ? 'zh-CN' : 'en';
}
