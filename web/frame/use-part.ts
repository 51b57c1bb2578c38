import { type ComponentType, useEffect, useState } from 'react';

/** A part of the frame that comes when it is first wanted. If it does not come, the page stays as it is, and the next wish asks again. */
export function usePart<Props>(
  wanted: boolean,
  load: () => Promise<ComponentType<Props>>,
  onMissing: () => void,
): ComponentType<Props> | null {
  const [part, setPart] = useState<ComponentType<Props> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once a wish, whatever functions this rendering brought
  useEffect(() => {
    if (wanted && part === null) load().then((loaded) => setPart(() => loaded), onMissing);
  }, [wanted, part]);
  return wanted ? part : null;
}
