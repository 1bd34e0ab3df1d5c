package dev.weft.catalog.base;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.Answers404;
import dev.weft.catalog.web.Answers409;
import dev.weft.catalog.web.CurrentRequester;
import dev.weft.catalog.web.ForReaders;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.annotation.security.RolesAllowed;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Bases. A name may contain slashes. {@code %2F} matches the described paths; plain slashes match
 * the hidden paths beside them.
 */
@RequestMapping("/admin/v1")
@Tag(name = "Bases", description = "The base models whose adapters are taken in, for all tenants")
interface BasesApi {
    String NAME = "The base's name; a slash in it may stand as %2F or as it is";
    String UNKNOWN = "There is no such base";

    @ForReaders
    @GetMapping("/bases")
    @Operation(operationId = "listBases", summary = "The bases")
    @ApiResponse(responseCode = "200", description = "The oldest first")
    List<BaseBody> list();

    @ForReaders
    @GetMapping("/bases/{name}")
    @Operation(operationId = "getBase", summary = "A base")
    @ApiResponse(responseCode = "200", description = "The base")
    @Answers404(UNKNOWN)
    BaseBody get(@Parameter(description = NAME, example = "llama") @PathVariable String name);

    @Hidden
    @ForReaders
    @GetMapping("/bases/{*name}")
    BaseBody getWithSlashes(@PathVariable String name);

    @RolesAllowed("admin")
    @PostMapping("/bases")
    @Operation(
            operationId = "addBase",
            summary = "Add a base",
            description =
                    "From now on adapters can be registered for it, and gateways list it. Workers"
                        + " that serve it by this name are started by their own deployment file")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = BaseRequestBody.class),
                            examples =
                                    @ExampleObject(
                                            name = "hub",
                                            summary = "From Hugging Face's hub",
                                            value = BaseRequestBody.EXAMPLE)))
    @ApiResponse(responseCode = "201", description = "The base")
    @Answers400
    @Answers409("There is a base of that name, or an adapter or alias in any tenant")
    ResponseEntity<BaseBody> add(
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @RolesAllowed("admin")
    @DeleteMapping("/bases/{name}")
    @Operation(operationId = "removeBase", summary = "Remove a base")
    @ApiResponse(responseCode = "204", description = "It is removed")
    @Answers404(UNKNOWN)
    @Answers409("A deployment file declares it, or it has adapters")
    ResponseEntity<Void> remove(
            @Parameter(description = NAME, example = "llama") @PathVariable String name,
            @CurrentRequester Requester requester);

    @Hidden
    @RolesAllowed("admin")
    @DeleteMapping("/bases/{*name}")
    ResponseEntity<Void> removeWithSlashes(
            @PathVariable String name, @CurrentRequester Requester requester);
}
