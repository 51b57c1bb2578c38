/** A thin line and its words; the words say what the line shows. */
export function Progress({ share, text, still = false }: { share: number; text: string; still?: boolean }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <span className={still ? 'progress is-still' : 'progress'}>
      <span className="progress-text">{text}</span>
      <span
        className="progress-line"
        role="progressbar"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={text}
      >
        <span style={{ width: `${percent}%` }} />
      </span>
    </span>
  );
}
