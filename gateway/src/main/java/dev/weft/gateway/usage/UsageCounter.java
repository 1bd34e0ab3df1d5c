package dev.weft.gateway.usage;

import dev.weft.access.holder.Holder;
import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.routing.name.Target;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.TokenCount;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Books each request once, with what its client was told. If the client left before that and a
 * worker had the request, the prompt counts by estimate. Any thread; never waits.
 */
public final class UsageCounter {
    private static final int LONGEST_BASE = 256;

    /** Models whose prices are remembered; if there are more, all are looked up anew. */
    private static final int MOST_PRICED = 100_000;

    private static final Price FREE = Price.of("*=0/0");

    private final boolean on;
    private final UsageLedger ledger;
    private final KeySpending spending;
    private final List<Price> prices;
    private final Clock clock;
    private final Map<Priced, Price> priced = new ConcurrentHashMap<>();

    /** What has a price of its own: an adapter, or the base if no adapter is named. */
    private record Priced(String base, @Nullable String adapter) {
        static Priced of(Target target) {
            String base = cut(target.base());
            return switch (target) {
                case Target.Base _ -> new Priced(base, null);
                case Target.Adapter(var _, ServedVersion version, var _) ->
                        new Priced(base, name(version.adapter()));
            };
        }

        boolean costs(Price price) {
            return adapter == null ? price.isOf(base) : price.isOf(base, adapter);
        }
    }

    UsageCounter(UsageLedger ledger, KeySpending spending, UsageSettings settings, Clock clock) {
        this.on = settings.enabled();
        this.ledger = ledger;
        this.spending = spending;
        this.prices = settings.prices();
        this.clock = clock;
    }

    /** False if nobody wants to know what is used. */
    public boolean on() {
        return on;
    }

    /**
     * Has a request booked when it ends, or with what it has used until then if this gateway is
     * killed before.
     *
     * @param prompt an estimate of its prompt's tokens, for a client that leaves before it is told
     *     their number
     */
    public void count(Tally tally, Holder holder, Target target, long prompt) {
        Payer payer = payer(holder);
        Consumer<UsageBatch.Line> ends =
                ledger.begin(() -> line(payer, target, tally.soFar(), prompt));
        tally.account(answer -> {
            UsageBatch.Line line = line(payer, target, answer, prompt);
            ends.accept(line);
            spending.counted(line.subject(), line.counts());
        });
    }

    private static Payer payer(Holder holder) {
        return new Payer(
                holder.key() == null ? 0 : holder.key().account(),
                holder.name().isBlank() ? Holder.ANONYMOUS : holder.name(),
                holder.tenantOrDefault());
    }

    private UsageBatch.Line line(Payer payer, Target target, Answered answer, long prompt) {
        RequestOutcome outcome = answer.outcome();
        TokenCount used = answer.used(prompt);
        boolean error = outcome != RequestOutcome.OK && outcome != RequestOutcome.CANCELLED;
        UsageSubject subject =
                new UsageSubject(
                        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), payer, used(target));
        UsageCounts counts =
                new UsageCounts(
                        1,
                        error ? 1 : 0,
                        used.input(),
                        used.cached(),
                        used.output(),
                        price(target).costNanos(used.input(), used.output()));
        return new UsageBatch.Line(subject, counts);
    }

    private static Used used(Target target) {
        String base = cut(target.base());
        return switch (target) {
            case Target.Base _ -> new Used(base, null);
            case Target.Adapter(var _, ServedVersion version, var _) ->
                    new Used(
                            base,
                            new Used.Version(
                                    version.adapter(), version.number(), version.digest()));
        };
    }

    private static String cut(String base) {
        return base.length() <= LONGEST_BASE ? base : base.substring(0, LONGEST_BASE);
    }

    private Price price(Target target) {
        if (prices.isEmpty()) {
            return FREE;
        }
        if (priced.size() > MOST_PRICED) {
            priced.clear();
        }
        return priced.computeIfAbsent(
                Priced.of(target),
                model -> prices.stream().filter(model::costs).findFirst().orElse(FREE));
    }

    private static String name(AdapterId id) {
        return id.tenant().equals(AdapterId.DEFAULT_TENANT)
                ? id.name()
                : id.tenant() + "/" + id.name();
    }
}
