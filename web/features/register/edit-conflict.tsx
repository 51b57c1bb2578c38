import { Button } from 'antd';
import { ApiProblem } from '../../api/problem.ts';
import { Note } from '../../ui/note.tsx';
import { useWords } from '../../words/words.ts';

/** Somebody else changed the same thing meanwhile: says who and what, and lets the person choose. */
export function EditConflict(props: { error: ApiProblem; onTheirs: () => void; onMine: () => void }) {
  const { error, onTheirs, onMine } = props;
  const say = useWords();
  return (
    <Note kind="care" title={say('register.conflict')}>
      <p>{error.title}</p>
      <p className="quiet">{say('register.conflict.text')}</p>
      <span className="conflict-ways">
        <Button size="small" onClick={onTheirs}>
          {say('register.conflict.theirs')}
        </Button>
        <Button size="small" onClick={onMine}>
          {say('register.conflict.mine')}
        </Button>
      </span>
    </Note>
  );
}

export function isConflict(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.code === 'changed-meanwhile';
}
