import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, type FormInstance } from 'antd';
import { type ReactNode, useState } from 'react';
import { registerKey } from '../../api/register.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { EditConflict, isConflict } from './edit-conflict.tsx';

/**
 * Saves what a form says over the revision that its person saw. Who was overtaken by somebody else chooses: take theirs into the form, or
 * keep their own over it. `seen` is the thing as the form began, null for one that is new.
 */
export function useEdit<Wanted extends object, Thing extends { revision: number }>(edit: {
  form: FormInstance<Wanted>;
  seen: Thing | null;
  /** The thing as it is now. */
  fresh: () => Promise<Thing | null>;
  /** What the fields of the form show of it. */
  valuesOf: (thing: Thing) => Wanted;
  save: (wanted: Wanted, revision: number) => Promise<Thing>;
  onSaved: (saved: Thing) => void | Promise<void>;
}): { submit: (wanted: Wanted) => void; saving: boolean; problem: ReactNode } {
  const { form, seen, fresh, valuesOf, save, onSaved } = edit;
  const client = useQueryClient();
  const [revision, setRevision] = useState(seen?.revision ?? 0);
  const saving = useMutation({
    mutationFn: (said: { wanted: Wanted; over: number }) => save(said.wanted, said.over),
    onSuccess: async (saved) => {
      setRevision(saved.revision);
      await client.invalidateQueries({ queryKey: registerKey });
      await onSaved(saved);
    },
    onError: (error) => {
      if (!isConflict(error)) showFieldProblems(form, error);
    },
  });
  const takeTheirs = async () => {
    const theirs = await fresh();
    if (!theirs) return;
    form.setFieldsValue(valuesOf(theirs));
    setRevision(theirs.revision);
    saving.reset();
  };
  const keepMine = async () => {
    saving.mutate({ wanted: form.getFieldsValue(), over: (await fresh())?.revision ?? 0 });
  };
  const { error } = saving;
  return {
    submit: (wanted) => saving.mutate({ wanted, over: revision }),
    saving: saving.isPending,
    problem: error && (
      <Form.Item>
        {isConflict(error) ? (
          <EditConflict error={error} onTheirs={() => void takeTheirs()} onMine={() => void keepMine()} />
        ) : (
          <ProblemNote error={error} />
        )}
      </Form.Item>
    ),
  };
}
