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

// On a phone the rooms lie in one line: the present one is brought into sight.
const room = document.querySelector(".rooms [aria-current]");
const rooms = room?.closest(".rooms");
if (rooms && rooms.scrollWidth > rooms.clientWidth) {
  rooms.scrollLeft = room.offsetLeft - (rooms.clientWidth - room.offsetWidth) / 2;
}
