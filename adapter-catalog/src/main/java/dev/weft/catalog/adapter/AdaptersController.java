package dev.weft.catalog.adapter;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.base.BaseNames;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.version.Underway;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionBody;
import dev.weft.catalog.web.Parameters;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriUtils;

/** Adapters over HTTP. Handlers run on virtual threads and may block. */
@RestController
final class AdaptersController implements AdaptersApi {
    private final Registry registry;
    private final Intake intake;
    private final Underway underway;
    private final RegistrationReader reader;
    private final Bases bases;

    AdaptersController(
            Registry registry,
            Intake intake,
            Underway underway,
            RegistrationReader reader,
            Bases bases) {
        this.registry = registry;
        this.intake = intake;
        this.underway = underway;
        this.reader = reader;
        this.bases = bases;
    }

    @Override
    public ResponseEntity<VersionBody> register(byte @Nullable [] body, Requester requester) {
        Registration asked = reader.read(body);
        BaseNames names = bases.names();
        names.check(requester.id(asked.name()));
        Version version =
                registry.register(
                        requester.actor(),
                        requester.id(asked.name()),
                        asked.repository(),
                        asked.baseOf(names));
        intake.submit(version);
        URI location =
                URI.create(
                        requester.address(
                                "/admin/v1/adapters/"
                                        + UriUtils.encodePath(
                                                asked.name(), StandardCharsets.UTF_8)));
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .location(location)
                .body(VersionBody.of(version, underway));
    }

    @Override
    public ResponseEntity<VersionBody> registerForm() {
        throw new ResponseStatusException(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type 'application/x-www-form-urlencoded' is not allowed; allowed:"
                        + " application/json");
    }

    @Override
    public AdapterPageBody list(
            @Nullable String size, @Nullable String after, Requester requester) {
        int limit = Parameters.size(size);
        String behind = Parameters.text("after", after);
        BaseNames names = bases.names();
        return AdapterPageBody.of(
                registry.list(requester.tenant(), behind == null ? "" : behind, limit),
                limit,
                adapter -> AdapterBody.of(adapter, underway, names),
                requester);
    }

    private AdapterBody body(Adapter adapter) {
        return AdapterBody.of(adapter, underway, bases.names());
    }

    @Override
    public AdapterBody get(String name, Requester requester) {
        return body(registry.find(requester.named(name, "adapter")));
    }

    @Override
    public AdapterBody getWithSlashes(String name, Requester requester) {
        return get(name, requester);
    }

    @Override
    public ResponseEntity<Void> delete(String name, Requester requester) {
        registry.remove(requester.actor(), requester.named(name, "adapter"));
        return ResponseEntity.noContent().build();
    }

    @Override
    public ResponseEntity<Void> deleteWithSlashes(String name, Requester requester) {
        return delete(name, requester);
    }

    @Override
    public AdapterBody disable(String name, Requester requester) {
        return body(registry.disable(requester.actor(), requester.named(name, "adapter")));
    }

    @Override
    public AdapterBody enable(String name, Requester requester) {
        return body(registry.enable(requester.actor(), requester.named(name, "adapter")));
    }

    @Override
    public AdapterBody act(String rest, Requester requester) {
        Parameters.Action action = Parameters.action(rest);
        return switch (action.verb()) {
            case "disable" -> disable(action.name(), requester);
            case "enable" -> enable(action.name(), requester);
            default -> throw Parameters.nothingAt("post", rest);
        };
    }

    @Override
    public AdapterBody share(String name, byte @Nullable [] body, Requester requester) {
        return body(
                registry.share(
                        requester.actor(),
                        requester.named(name, "adapter"),
                        SharingBody.read(body)));
    }

    @Override
    public AdapterBody put(String rest, byte @Nullable [] body, Requester requester) {
        Parameters.Action action = Parameters.action(rest);
        if (!action.verb().equals("sharing")) {
            throw Parameters.nothingAt("put", rest);
        }
        return share(action.name(), body, requester);
    }

    @Override
    public VersionBody version(String id, Requester requester) {
        if (id.matches("[0-9]{1,18}")) {
            Version version = registry.version(Long.parseLong(id));
            if (version.adapter().tenant().equals(requester.tenant())) {
                return VersionBody.of(version, underway);
            }
        }
        throw new NotFoundException("there is no version '" + id + "'");
    }
}
