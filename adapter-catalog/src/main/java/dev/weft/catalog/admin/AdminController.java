package dev.weft.catalog.admin;

import dev.weft.catalog.ingest.Ingest;
import dev.weft.catalog.registry.Registry;
import dev.weft.catalog.registry.UnknownAdapterException;
import dev.weft.catalog.registry.Version;
import dev.weft.catalog.web.Fault;
import dev.weft.model.adapter.AdapterId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriUtils;

/** The admin API. Handlers run on virtual threads and may block. */
@RestController
final class AdminController implements AdminApi {
    private static final int DEFAULT_SIZE = 50;
    private static final int LARGEST_SIZE = 500;

    private final Registry registry;
    private final Ingest ingest;
    private final RegistrationReader reader;

    AdminController(Registry registry, Ingest ingest, RegistrationReader reader) {
        this.registry = registry;
        this.ingest = ingest;
        this.reader = reader;
    }

    @Override
    public ResponseEntity<VersionBody> register(byte @Nullable [] body) {
        Registration asked = reader.read(body == null ? new byte[0] : body);
        Version version = registry.register(asked.id(), asked.repository());
        ingest.submit(version);
        URI location =
                URI.create(
                        "/admin/v1/adapters/"
                                + UriUtils.encodePath(asked.id().name(), StandardCharsets.UTF_8));
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .location(location)
                .body(VersionBody.of(version));
    }

    @Override
    public ResponseEntity<VersionBody> registerForm() {
        throw new ResponseStatusException(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type 'application/x-www-form-urlencoded' is not allowed; allowed:"
                        + " application/json");
    }

    @Override
    public AdapterPageBody list(@Nullable String size, @Nullable String after) {
        int limit = limit(size);
        return AdapterPageBody.of(
                registry.list(AdapterId.DEFAULT_TENANT, after == null ? "" : after, limit), limit);
    }

    @Override
    public AdapterBody get(String name) {
        return AdapterBody.of(registry.find(id(name)));
    }

    @Override
    public AdapterBody getWithSlashes(String name) {
        return get(name);
    }

    @Override
    public ResponseEntity<Void> delete(String name) {
        registry.remove(id(name));
        return ResponseEntity.noContent().build();
    }

    @Override
    public ResponseEntity<Void> deleteWithSlashes(String name) {
        return delete(name);
    }

    @Override
    public AdapterBody disable(String name) {
        return AdapterBody.of(registry.disable(id(name)));
    }

    @Override
    public AdapterBody enable(String name) {
        return AdapterBody.of(registry.enable(id(name)));
    }

    @Override
    public AdapterBody act(String rest) {
        int slash = rest.lastIndexOf('/');
        String name = slash < 0 ? "" : rest.substring(0, slash);
        return switch (rest.substring(slash + 1)) {
            case "disable" -> disable(name);
            case "enable" -> enable(name);
            default ->
                    throw new ResponseStatusException(
                            HttpStatus.NOT_FOUND, "there is nothing to post to at '" + rest + "'");
        };
    }

    @Override
    public VersionBody version(String id) {
        if (!id.matches("[0-9]{1,18}")) {
            throw new UnknownAdapterException("there is no version '" + id + "'");
        }
        return VersionBody.of(registry.version(Long.parseLong(id)));
    }

    private static AdapterId id(String path) {
        String name = path.startsWith("/") ? path.substring(1) : path;
        if (!AdapterId.isName(name)) {
            throw new UnknownAdapterException("there is no adapter '" + name + "'");
        }
        return AdapterId.of(name);
    }

    private static int limit(@Nullable String size) {
        if (size == null) {
            return DEFAULT_SIZE;
        }
        if (size.matches("[0-9]{1,3}")) {
            int number = Integer.parseInt(size);
            if (number >= 1 && number <= LARGEST_SIZE) {
                return number;
            }
        }
        throw new BadRequestException(List.of(new Fault("size", size, "1 to " + LARGEST_SIZE)));
    }
}
