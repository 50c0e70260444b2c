// The desk's own script: every page works as plain forms without it.
import htmx from "htmx.org";
import "./_keys.js";

// The content security policy allows neither eval nor inline styles.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
// A page left open at a shared counter must not be found again by the next user.
htmx.config.historyCacheSize = 0;
htmx.config.selfRequestsOnly = true;

window.htmx = htmx;
