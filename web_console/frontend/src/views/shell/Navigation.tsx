import { Menu } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { Icon } from "../../ui/Icon";
import { useLanguage, usePick, useWords } from "../../words/words";
import { rootOf, type Route } from "../routes";
import classes from "./StatusBar.module.css";

/** The places of this person in one line; what has no room in it is behind "More". On a telephone all of them are. */
export function Navigation({ routes }: { routes: readonly Route[] }) {
  const t = useWords("shell");
  const pick = usePick();
  const [location, go] = useLocation();
  const language = useLanguage();
  const [row, fitting] = useFitting(routes.length, `${language} ${location}`);
  const isHere = (route: Route) => location === rootOf(route) || location.startsWith(`${rootOf(route)}/`);
  const more = routes.slice(fitting);
  const here = more.find(isHere);
  return (
    <nav className={classes["nav"]} aria-label={t("nav")}>
      <div ref={row} className={classes["places"]}>
        {routes.map((route, index) => {
          const root = rootOf(route);
          return (
            <Link key={root} href={root} aria-current={isHere(route) ? "page" : undefined} data-out={index >= fitting || undefined} data-testid={`nav-${root.slice(1)}`}>
              {pick(route.label)}
            </Link>
          );
        })}
      </div>
      {more.length > 0 ? (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <button type="button" className={classes["more"]} data-here={here ? true : undefined} data-testid="nav-more">
              {here ? pick(here.label) : t("nav_more")} <Icon name="down" size={14} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {more.map((route) => (
              <Menu.Item key={rootOf(route)} onClick={() => go(rootOf(route))} aria-current={isHere(route) ? "page" : undefined} data-testid={`nav-more-${rootOf(route).slice(1)}`}>
                {pick(route.label)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </nav>
  );
}

/** How many stand in the first line: the others have wrapped below it, where they are cut off. */
function useFitting(count: number, widths: string): [(row: HTMLDivElement | null) => void, number] {
  const [fitting, setFitting] = useState(count);
  const [row, setRow] = useState<HTMLDivElement | null>(null);
  const latest = useRef(count);
  latest.current = count;
  useEffect(() => {
    if (!row) return;
    const look = () => {
      if (getComputedStyle(row).display === "none") return setFitting(0);
      const links = [...row.children] as HTMLElement[];
      const top = links[0]?.offsetTop ?? 0;
      const wrapped = links.findIndex((link) => link.offsetTop > top);
      setFitting(wrapped === -1 ? latest.current : wrapped);
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(row);
    return () => watch.disconnect();
    // The words' width changes with the language and the marked page.
  }, [row, count, widths]);
  return [setRow, fitting];
}
