package dev.weft.gateway.rollout;

import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.routing.name.Target;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.Served;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.rollout.MeasuredVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures the answers to names that lead to several versions by weight. Requests that name a
 * version themselves, and those for names with one version, are not measured here: they can't be
 * compared. Any thread; never waits.
 */
public final class ComparedVersions {
    /** Versions that are measured at once, of 7 KB each; further ones are left out. */
    private static final int MOST = 1_000;

    /** Versions under one tenant's names, so that it can't take the others' places. */
    static final int MOST_OF_A_TENANT = 200;

    private final CatalogView view;
    private final Map<MeasuredVersion, VersionFigures> open = new ConcurrentHashMap<>();

    ComparedVersions(CatalogView view) {
        this.view = view;
    }

    /**
     * The account that measures a request's answer; null if the answer is not compared.
     *
     * @param tenant whose request it is
     * @param target what was chosen for it
     */
    public Tally.@Nullable Account account(String tenant, Target target) {
        return switch (target) {
            case Target.Base _ -> null;
            case Target.Adapter adapter -> account(tenant, adapter);
        };
    }

    private Tally.@Nullable Account account(String tenant, Target.Adapter target) {
        return divided(tenant, target)
                .<Tally.Account>map(begun -> answer -> add(ended(tenant, target, begun), answer))
                .orElse(null);
    }

    /** The name's entry if it leads to several versions. */
    private Optional<CatalogEntry> divided(String tenant, Target.Adapter target) {
        return view.find(tenant, target.model()).orElse(null) instanceof Served.Named(var entry)
                        && entry.isDivided()
                ? Optional.of(entry)
                : Optional.empty();
    }

    /**
     * The version, under the entry's revision at the answer's end: an answer that hangs fails long
     * after it began.
     */
    private MeasuredVersion ended(String tenant, Target.Adapter target, CatalogEntry begun) {
        return new MeasuredVersion(
                begun.id(),
                target.version().adapter(),
                target.version().number(),
                divided(tenant, target).orElse(begun).revision());
    }

    void add(MeasuredVersion version, Answered answer) {
        if (answer.isOfVersion() && hasRoom(version)) {
            // atomic, so that nothing is added to figures that were taken out
            open.compute(
                    version,
                    (_, before) -> {
                        VersionFigures figures = before == null ? new VersionFigures() : before;
                        figures.add(answer);
                        return figures;
                    });
        }
    }

    private boolean hasRoom(MeasuredVersion version) {
        return open.containsKey(version)
                || (open.size() < MOST && ofTenant(version.name().tenant()) < MOST_OF_A_TENANT);
    }

    private long ofTenant(String tenant) {
        return open.keySet().stream().filter(v -> v.name().tenant().equals(tenant)).count();
    }

    /** Versions that have figures. */
    int size() {
        return open.size();
    }

    /** Takes some of the figures out; what is measured meanwhile stays for the next time. */
    List<MeasureReport.Line> take(int most) {
        List<MeasureReport.Line> lines = new ArrayList<>();
        for (MeasuredVersion version : List.copyOf(open.keySet())) {
            if (lines.size() == most) {
                break;
            }
            VersionFigures figures = open.remove(version);
            if (figures != null) {
                lines.add(new MeasureReport.Line(version, figures.sum()));
            }
        }
        return lines;
    }
}
