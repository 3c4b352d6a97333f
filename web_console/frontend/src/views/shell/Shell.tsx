import { lazy, Suspense, useEffect, useMemo } from "react";
import { Redirect, Route as Place, Switch } from "wouter";
import { startLine, stopLine, useLine } from "../../data/line";
import { useUser } from "../../data/session";
import { Icon } from "../../ui/Icon";
import { unlockOnFirstGesture } from "../../ui/sounds";
import { Empty, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { Overlays } from "../overlays/Overlays";
import { rootOf, type Route, routesOf } from "../routes";
import classes from "./Shell.module.css";
import { StatusBar } from "./StatusBar";

/** Everything behind the sign-in: the status bar on top, one place below it. */
export function Shell() {
  const t = useWords("shell");
  const user = useUser();
  const routes = useMemo(() => routesOf(user), [user]);
  useEffect(() => {
    startLine();
    const forgetGesture = unlockOnFirstGesture();
    return () => {
      stopLine();
      forgetGesture();
    };
  }, []);
  return (
    <div className={classes["shell"]}>
      <a className={classes["skip"]} href="#main" onClick={(event) => (event.preventDefault(), document.getElementById("main")?.focus())}>
        {t("skip")}
      </a>
      <StatusBar routes={routes} />
      <LineNotice />
      <Overlays />
      <main id="main" tabIndex={-1} className={classes["main"]}>
        <Places routes={routes} />
      </main>
    </div>
  );
}

function Places({ routes }: { routes: readonly Route[] }) {
  const t = useWords("shell");
  const views = useMemo(() => routes.map((route) => ({ path: route.path, View: lazy(route.load) })), [routes]);
  const start = routes[0];
  if (!start) return <Empty icon="person" title={t("no_views")} />;
  return (
    <Suspense fallback={<Loading rows={5} />}>
      <Switch>
        {views.map(({ path, View }) => (
          <Place key={path} path={path}>
            <View />
          </Place>
        ))}
        <Place path="/">
          <Redirect to={rootOf(start)} replace />
        </Place>
        <Place>
          <Empty icon="search" title={t("not_here")} action={<a href={`#${rootOf(start)}`}>{t("go_start")}</a>} />
        </Place>
      </Switch>
    </Suspense>
  );
}

function LineNotice() {
  const t = useWords("shell");
  const state = useLine((line) => line.state);
  if (state !== "waiting") return null;
  return (
    <div className={classes["line"]} role="status" data-testid="line-notice">
      <Icon name="offline" size={16} />
      <strong>{t("line_waiting")}</strong>
      <span>{t("line_down")}</span>
    </div>
  );
}
