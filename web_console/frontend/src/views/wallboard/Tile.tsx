import type { ReactNode } from "react";
import classes from "./Wallboard.module.css";

export function Tile({ area, title, aside, alarmed = false, children }: { area: string; title: string; aside?: ReactNode; alarmed?: boolean; children: ReactNode }) {
  return (
    <section className={classes["tile"]} style={{ gridArea: area }} aria-label={title} data-alarmed={alarmed || undefined} data-testid={`tile-${area}`}>
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
