package dev.weft.catalog.alias;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.Answers404;
import dev.weft.catalog.web.Answers409;
import dev.weft.catalog.web.Answers412;
import dev.weft.catalog.web.Answers428;
import dev.weft.catalog.web.CurrentRequester;
import dev.weft.catalog.web.ForOwners;
import dev.weft.catalog.web.ForReaders;
import dev.weft.catalog.web.PageSize;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Aliases. A name may hold slashes, as in {@link AdaptersApi}. */
@RequestMapping("/admin/v1")
@Tag(
        name = "Aliases",
        description =
                "Names that lead to one version, or to several by weight; the alias with an"
                        + " adapter's name says what that name stands for")
interface AliasesApi {
    String NAME = "The alias's name; a slash in it may stand as %2F or as it is";
    String UNKNOWN = "There is no such alias";
    String IF_MATCH = "ETag of the revision that is changed, or * for whatever is there";

    @ForReaders
    @GetMapping("/aliases")
    @Operation(operationId = "listAliases", summary = "List aliases in order of their names")
    @ApiResponse(responseCode = "200", description = "A page of aliases")
    @Answers400
    AliasPageBody list(
            @PageSize @RequestParam(required = false) @Nullable String size,
            @Parameter(description = "List what comes after this name", example = "canary")
                    @RequestParam(required = false)
                    @Nullable String after,
            @CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/aliases/{name}")
    @Operation(operationId = "getAlias", summary = "An alias and where it leads")
    @ApiResponse(
            responseCode = "200",
            description = "The alias",
            headers =
                    @Header(
                            name = "ETag",
                            description = "Its revision, for If-Match",
                            schema = @Schema(type = "string")))
    @Answers404(UNKNOWN)
    ResponseEntity<AliasBody> get(
            @Parameter(description = NAME, example = "prod") @PathVariable String name,
            @CurrentRequester Requester requester);

    @Hidden
    @ForReaders
    @GetMapping("/aliases/{*name}")
    ResponseEntity<AliasBody> getWithSlashes(
            @PathVariable String name, @CurrentRequester Requester requester);

    @ForOwners
    @PutMapping("/aliases/{name}")
    @Operation(
            operationId = "setAlias",
            summary = "Set or move an alias",
            description =
                    "All at once or not at all. A new alias needs no If-Match; one that is there"
                            + " is changed only if If-Match names its revision.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = AliasChangeBody.class),
                            examples = {
                                @ExampleObject(
                                        name = "version",
                                        summary = "One version",
                                        value = AliasChangeBody.VERSION),
                                @ExampleObject(
                                        name = "canary",
                                        summary = "A tenth of the requests to another adapter",
                                        value = AliasChangeBody.CANARY)
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "The alias as it is now; ETag has its revision")
    @Answers400
    @Answers409("The tenant has as many aliases as it may have")
    @Answers412
    @Answers428
    ResponseEntity<AliasBody> set(
            @Parameter(description = NAME, example = "prod") @PathVariable String name,
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @Parameter(description = IF_MATCH, example = "*")
                    @RequestHeader(name = "If-Match", required = false)
                    @Nullable String ifMatch,
            @Parameter(description = "* if the alias must be new")
                    @RequestHeader(name = "If-None-Match", required = false)
                    @Nullable String ifNoneMatch,
            @CurrentRequester Requester requester);

    @Hidden
    @ForOwners
    @PutMapping("/aliases/{*name}")
    ResponseEntity<AliasBody> setWithSlashes(
            @PathVariable String name,
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch,
            @CurrentRequester Requester requester);

    @ForOwners
    @PostMapping("/aliases/{name}/rollback")
    @Operation(
            operationId = "rollBackAlias",
            summary = "Point an alias at what it pointed at before",
            description =
                    "Before its last change, and further back when done again; or at the revision"
                            + " that `to` names")
    @ApiResponse(
            responseCode = "200",
            description = "The alias as it is now; ETag has its revision")
    @Answers400
    @Answers404(UNKNOWN)
    @Answers409("There is no such revision to go back to")
    @Answers412
    @Answers428
    ResponseEntity<AliasBody> rollBack(
            @Parameter(description = NAME, example = "prod") @PathVariable String name,
            @Parameter(
                            description = "Revision to go back to; the one before if left out",
                            example = "1",
                            schema = @Schema(type = "integer", format = "int64"))
                    @RequestParam(required = false)
                    @Nullable String to,
            @Parameter(description = IF_MATCH, example = "*")
                    @RequestHeader(name = "If-Match", required = false)
                    @Nullable String ifMatch,
            @CurrentRequester Requester requester);

    @Hidden
    @ForOwners
    @PostMapping("/aliases/{*rest}")
    ResponseEntity<AliasBody> act(
            @PathVariable String rest,
            @RequestParam(required = false) @Nullable String to,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @CurrentRequester Requester requester);

    @ForOwners
    @DeleteMapping("/aliases/{name}")
    @Operation(
            operationId = "removeAlias",
            summary = "Remove an alias",
            description = "An adapter of that name follows its newest version again")
    @ApiResponse(responseCode = "204", description = "It is removed")
    @Answers400
    @Answers404(UNKNOWN)
    @Answers412
    @Answers428
    ResponseEntity<Void> delete(
            @Parameter(description = NAME, example = "prod") @PathVariable String name,
            @Parameter(description = IF_MATCH, example = "*")
                    @RequestHeader(name = "If-Match", required = false)
                    @Nullable String ifMatch,
            @CurrentRequester Requester requester);

    @Hidden
    @ForOwners
    @DeleteMapping("/aliases/{*name}")
    ResponseEntity<Void> deleteWithSlashes(
            @PathVariable String name,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @CurrentRequester Requester requester);
}
