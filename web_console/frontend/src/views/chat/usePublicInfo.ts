import { useEffect, useState } from "react";
import { fetchPublic, type PublicInfo } from "../../data/chat";

/** Whether somebody is on duty changes while the page stands open. */
const ASK_AGAIN_MS = 20_000;

/** What anybody may know about the service; `null` until (and as long as) the server does not answer. */
export function usePublicInfo(): PublicInfo | null {
  const [info, setInfo] = useState<PublicInfo | null>(null);
  useEffect(() => {
    let here = true;
    const ask = () =>
      fetchPublic().then(
        (answer) => here && setInfo(answer),
        () => undefined, // Kept as it was; asked again.
      );
    void ask();
    const again = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => {
      here = false;
      clearInterval(again);
    };
  }, []);
  return info;
}
