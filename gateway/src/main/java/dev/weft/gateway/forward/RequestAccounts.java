package dev.weft.gateway.forward;

import dev.weft.access.holder.Holder;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.routing.Target;
import dev.weft.gateway.usage.UsageCounter;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Has what a request uses booked for its sender.
 *
 * @param own are not booked
 */
record RequestAccounts(UsageCounter usage, OwnRequests own) {
    /** Books the request when it ends. */
    void open(ServerHttpRequest request, Holder holder, Target target, Tally tally) {
        if (own.include(request)) {
            tally.uncounted();
        } else if (usage.on()) {
            tally.account(usage.account(holder, target));
        }
    }
}
