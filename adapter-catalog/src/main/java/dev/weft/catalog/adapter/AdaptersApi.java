package dev.weft.catalog.adapter;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.version.VersionBody;
import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.Answers404;
import dev.weft.catalog.web.Answers409;
import dev.weft.catalog.web.CurrentRequester;
import dev.weft.catalog.web.ForOwners;
import dev.weft.catalog.web.ForReaders;
import dev.weft.catalog.web.PageSize;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Adapters and their versions. A name may contain slashes. {@code %2F} matches the described paths;
 * plain slashes match the hidden paths beside them.
 */
@RequestMapping("/admin/v1")
@Tag(name = "Adapters", description = "Register adapters and say which of them are served")
interface AdaptersApi {
    String NAME = "The adapter's name; a slash in it may stand as %2F or as it is";
    String UNKNOWN = "There is no such adapter";

    @ForOwners
    @PostMapping("/adapters")
    @Operation(
            operationId = "registerAdapter",
            summary = "Register an adapter",
            description =
                    "Makes a new version of the name and starts to fetch and check it; follow it"
                            + " at Location. When it is Ready the name stands for it, unless an"
                            + " alias of that name holds it. If a version of the name has the"
                            + " same content already, that version stays.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = RegistrationBody.class),
                            examples = {
                                @ExampleObject(
                                        name = "hub",
                                        summary = "From Hugging Face's hub",
                                        value = RegistrationBody.HUB),
                                @ExampleObject(
                                        name = "bucket",
                                        summary = "From a bucket",
                                        value = RegistrationBody.BUCKET),
                                @ExampleObject(
                                        name = "archive",
                                        summary = "From an archive on the web",
                                        value = RegistrationBody.ARCHIVE)
                            }))
    @ApiResponse(responseCode = "202", description = "The new version")
    @Answers400
    @Answers409(
            "The name is an alias, the adapter has versions of another base, or the tenant has as"
                    + " many adapters as it may have")
    ResponseEntity<VersionBody> register(
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    /**
     * The request that {@code curl -d} sends without a content type; a handler doesn't get its
     * bytes as a body.
     */
    @Hidden
    @ForOwners
    @PostMapping(path = "/adapters", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<VersionBody> registerForm();

    @ForReaders
    @GetMapping("/adapters")
    @Operation(operationId = "listAdapters", summary = "List adapters in order of their names")
    @ApiResponse(responseCode = "200", description = "A page of adapters")
    @Answers400
    AdapterPageBody list(
            @PageSize @RequestParam(required = false) @Nullable String size,
            @Parameter(description = "List what comes after this name", example = "french")
                    @RequestParam(required = false)
                    @Nullable String after,
            @CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/adapters/{name}")
    @Operation(operationId = "getAdapter", summary = "An adapter with its versions")
    @ApiResponse(responseCode = "200", description = "The adapter")
    @Answers404(UNKNOWN)
    AdapterBody get(
            @Parameter(description = NAME, example = "sql") @PathVariable String name,
            @CurrentRequester Requester requester);

    @Hidden
    @ForReaders
    @GetMapping("/adapters/{*name}")
    AdapterBody getWithSlashes(@PathVariable String name, @CurrentRequester Requester requester);

    @ForOwners
    @DeleteMapping("/adapters/{name}")
    @Operation(
            operationId = "removeAdapter",
            summary = "Remove an adapter",
            description =
                    "Withdraws the name and retires its versions; the name can be registered again")
    @ApiResponse(responseCode = "204", description = "It is removed")
    @Answers404(UNKNOWN)
    @Answers409("Aliases of other names point at it")
    ResponseEntity<Void> delete(
            @Parameter(description = NAME, example = "sql") @PathVariable String name,
            @CurrentRequester Requester requester);

    @Hidden
    @ForOwners
    @DeleteMapping("/adapters/{*name}")
    ResponseEntity<Void> deleteWithSlashes(
            @PathVariable String name, @CurrentRequester Requester requester);

    @ForOwners
    @PostMapping("/adapters/{name}/disable")
    @Operation(
            operationId = "disableAdapter",
            summary = "Withdraw an adapter from gateways and workers, to come back as it is")
    @ApiResponse(responseCode = "200", description = "The adapter; it is disabled")
    @Answers404(UNKNOWN)
    @Answers409("No version of it is Ready or Disabled")
    AdapterBody disable(
            @Parameter(description = NAME, example = "sql") @PathVariable String name,
            @CurrentRequester Requester requester);

    @ForOwners
    @PostMapping("/adapters/{name}/enable")
    @Operation(operationId = "enableAdapter", summary = "Publish a disabled adapter again")
    @ApiResponse(responseCode = "200", description = "The adapter; it is published")
    @Answers404(UNKNOWN)
    @Answers409("No version of it is Ready or Disabled")
    AdapterBody enable(
            @Parameter(description = NAME, example = "sql") @PathVariable String name,
            @CurrentRequester Requester requester);

    @Hidden
    @ForOwners
    @PostMapping("/adapters/{*rest}")
    AdapterBody act(@PathVariable String rest, @CurrentRequester Requester requester);

    @ForOwners
    @PutMapping("/adapters/{name}/sharing")
    @Operation(
            operationId = "shareAdapter",
            summary = "Say which other tenants may use an adapter",
            description = "Replaces what was said before; nobody but its tenant if it is empty")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = SharingBody.class),
                            examples = {
                                @ExampleObject(
                                        name = "teams",
                                        summary = "Two teams more",
                                        value = "{\"tenants\": [\"team-b\", \"team-c\"]}"),
                                @ExampleObject(
                                        name = "everybody",
                                        summary = "All tenants",
                                        value = "{\"tenants\": [\"*\"]}")
                            }))
    @ApiResponse(responseCode = "200", description = "The adapter")
    @Answers400
    @Answers404(UNKNOWN)
    AdapterBody share(
            @Parameter(description = NAME, example = "sql") @PathVariable String name,
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @Hidden
    @ForOwners
    @PutMapping("/adapters/{*rest}")
    AdapterBody put(
            @PathVariable String rest,
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/versions/{id}")
    @Operation(
            operationId = "getVersion",
            summary = "What a registration led to",
            description =
                    "The registration's version, or the one that stands for it because it has the"
                            + " same content")
    @ApiResponse(responseCode = "200", description = "The version")
    @Answers404("There is no such version")
    VersionBody version(
            @Parameter(
                            description = "The id that registering answered",
                            example = "1",
                            schema = @Schema(type = "integer", format = "int64"))
                    @PathVariable
                    String id,
            @CurrentRequester Requester requester);
}
