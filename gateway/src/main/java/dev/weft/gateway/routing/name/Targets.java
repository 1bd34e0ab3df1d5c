package dev.weft.gateway.routing.name;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.Served;
import dev.weft.protocol.feed.ServedVersion;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks names up: first those of bases, then the catalog's. It answers from memory; if the catalog
 * is away, the names it published before stay valid. It remembers chats of names with several
 * versions. Any thread.
 */
public final class Targets {
    private final KnownBases bases;
    private final CatalogView view;
    private final ChatMemory chats = new ChatMemory();

    public Targets(KnownBases bases, CatalogView view) {
        this.bases = bases;
        this.view = view;
    }

    /**
     * True if {@code model} stands for nothing, and the catalog is making an adapter of that name
     * ready.
     */
    public boolean isComing(String model, Caller caller) {
        return view.isComing(caller.tenant(), model) && !bases.isBase(model);
    }

    /**
     * Finds what {@code model} stands for. A model that the tenant may not use is reported as
     * unknown.
     *
     * @throws ApiException 404 if it stands for nothing; 503 if that can't be known yet, because
     *     the catalog was not heard since this gateway started
     */
    public Target find(String model, Caller caller) {
        return find(model, caller, _ -> true);
    }

    /**
     * Finds what {@code model} stands for, as above.
     *
     * @param preferred picks the version that is meant by a digest that several adapters have
     * @throws ApiException as above
     */
    public Target find(String model, Caller caller, Predicate<ServedVersion> preferred) {
        if (bases.isBase(model)) {
            return new Target.Base(model);
        }
        Optional<ServedVersion> version =
                view.find(caller.tenant(), model, preferred)
                        .flatMap(found -> choose(found, caller));
        if (version.isPresent()) {
            return new Target.Adapter(model, version.get(), bases.of(version.get()));
        }
        if (!view.initialised()) {
            throw new ApiException(
                    ErrorCode.ADAPTER_UNAVAILABLE,
                    "Adapters are not known yet: the catalog has not been reached since the gateway"
                            + " started. The base '"
                            + bases.first()
                            + "' is served.",
                    "model");
        }
        throw ApiException.modelNotFound(model);
    }

    /**
     * The text by which a caller pins a version that it is served: its name with a number or, if
     * the caller may not use that name or means something else by it, the digest.
     */
    public String pin(ServedVersion version, Caller caller) {
        String name = version.pin(caller.tenant());
        boolean leadsThere =
                view.find(caller.tenant(), name).orElse(null) instanceof Served.Pinned(var found)
                        && found.digest().equals(version.digest());
        return leadsThere ? name : version.digest().toString();
    }

    private Optional<ServedVersion> choose(Served found, Caller caller) {
        boolean several = found instanceof Served.Named(var entry) && entry.isDivided();
        return found.choose(several ? chats.key(caller) : caller.key());
    }
}
