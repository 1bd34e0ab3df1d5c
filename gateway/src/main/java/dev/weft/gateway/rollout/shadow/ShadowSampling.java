package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Target;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.Served;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.path.ModelPaths;
import dev.weft.protocol.shadow.CopyOutcome;
import dev.weft.protocol.shadow.ShadowOrder;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws the requests that are copied. A request can be drawn if it asks for text, its name has a
 * shadow, and it gets the version that the shadow is compared with. Any thread; never waits.
 */
public final class ShadowSampling {
    /** Longer requests are left out. */
    static final int MOST_BYTES = 256 * 1024;

    /** Drawn requests and copies at once, of at most 768 KiB each: 48 MiB. */
    private static final int MOST = 64;

    private final Orders orders;
    private final CatalogView view;
    private final KnownBases bases;
    private final Copies copies;
    private final RandomGenerator random;
    private final Semaphore places = new Semaphore(MOST);

    ShadowSampling(
            Orders orders,
            CatalogView view,
            KnownBases bases,
            Copies copies,
            RandomGenerator random) {
        this.orders = orders;
        this.view = view;
        this.bases = bases;
        this.copies = copies;
        this.random = random;
    }

    /** False while no shadow runs. */
    public boolean on() {
        return !orders.isEmpty();
    }

    /** The drawn request, which is to be told of its answer; null if it is not drawn. */
    public @Nullable Sampled sample(Target target, CopiedRequest asked) {
        return !ModelPaths.TEXTS.contains(asked.path())
                ? null
                : switch (target) {
                    case Target.Base _ -> null;
                    case Target.Adapter adapter -> sample(adapter, asked);
                };
    }

    private @Nullable Sampled sample(Target.Adapter target, CopiedRequest asked) {
        if (!(view.find(asked.tenant(), target.model()).orElse(null)
                instanceof Served.Named(var entry))) {
            return null;
        }
        RunningShadow shadow = orders.find(entry.id()).orElse(null);
        if (shadow == null
                || !is(shadow.order(), shadow.order().served(), target.version())
                || random.nextDouble() >= shadow.order().bounds().share()) {
            return null;
        }
        Optional<Target.Adapter> candidate = candidate(shadow.order(), target.model());
        if (candidate.isEmpty() || asked.body().bytes().length > MOST_BYTES) {
            copies.count(shadow, CopyOutcome.leftOut, 0);
            return null;
        }
        if (!places.tryAcquire()) {
            copies.count(shadow, CopyOutcome.busy, 0);
            return null;
        }
        return new Sampled(shadow, candidate.get(), asked, System::nanoTime, this::ended);
    }

    private static boolean is(
            ShadowOrder order, ShadowOrder.Version version, ServedVersion served) {
        return served.number() == version.number()
                && served.adapter().equals(new AdapterId(order.name().tenant(), version.adapter()));
    }

    private Optional<Target.Adapter> candidate(ShadowOrder order, String model) {
        ShadowOrder.Version version = order.candidate();
        return view.find(new AdapterId(order.name().tenant(), version.adapter()))
                .flatMap(entry -> entry.pinned(version.number()))
                .map(found -> new Target.Adapter(model, found, bases.of(found)));
    }

    private void ended(Sampled request, Answered served) {
        copies.begin(request, served, places::release);
    }
}
