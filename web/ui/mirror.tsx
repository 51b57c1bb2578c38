/** The mark: a plain bronze mirror. The name always stands beside it or in the label of its link. */
export function Mirror({ sizePx = 24 }: { sizePx?: number }) {
  return (
    <svg className="mirror" width={sizePx} height={sizePx} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="13.6" fill="none" stroke="currentColor" strokeWidth="3" />
      <circle cx="16" cy="16" r="8.4" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <circle cx="16" cy="16" r="3.4" fill="currentColor" />
    </svg>
  );
}
