package dev.weft.catalog.artifact;

import dev.weft.catalog.web.Problem;
import dev.weft.protocol.adapter.AdapterDigest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.annotation.security.RolesAllowed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Artifacts over HTTP, for workers. The content of a digest never changes. */
@RestController
@RolesAllowed({"service", "admin"})
@RequestMapping("/artifacts/v1")
@Tag(name = "Artifacts", description = "Canonical adapters by digest, as workers fetch them")
final class ArtifactController {
    private static final CacheControl FOREVER =
            CacheControl.maxAge(Duration.ofDays(365)).immutable();

    private final ArtifactStore store;

    ArtifactController(ArtifactStore store) {
        this.store = store;
    }

    /** The files of an artifact. */
    @Schema(
            name = "Artifact",
            description = "A canonical adapter as it is stored",
            requiredProperties = {"digest", "files", "arrays"})
    record Listing(
            @Schema(description = "sha256: and 64 hexadecimal digits") String digest,
            @Schema(description = "Its files with size in bytes and SHA-256")
                    List<ArtifactFile> files,
            @Schema(
                            description =
                                    "The same once more as TensorRT-LLM's arrays; empty if"
                                            + " there are none beside the files")
                    List<ArtifactFile> arrays) {}

    @GetMapping("/{digest}")
    @Operation(
            operationId = "getArtifact",
            summary = "The files of an artifact, with sizes and hashes")
    @ApiResponse(responseCode = "200", description = "The files")
    @ApiResponse(
            responseCode = "404",
            description = "Nothing is stored under that digest",
            content =
                    @Content(
                            mediaType = "application/problem+json",
                            schema = @Schema(implementation = Problem.class)))
    Listing manifest(
            @Parameter(
                            description = "sha256: and 64 hexadecimal digits",
                            example =
                                    "sha256:0000000000000000000000000000000000000000000000000000000000000000")
                    @PathVariable
                    String digest)
            throws IOException {
        Artifact artifact =
                store.find(parse(digest))
                        .orElseThrow(() -> notFound("there is no artifact " + digest));
        return new Listing(artifact.digest().toString(), artifact.files(), artifact.arrays());
    }

    @GetMapping("/{digest}/files/{name}")
    @Operation(
            operationId = "getArtifactFile",
            summary = "One file of an artifact; Range is supported")
    @ApiResponse(
            responseCode = "200",
            description = "Its bytes",
            content = {
                @Content(mediaType = "application/octet-stream"),
                @Content(mediaType = "application/json")
            })
    @ApiResponse(
            responseCode = "404",
            description = "No such artifact, or no such file in it",
            content =
                    @Content(
                            mediaType = "application/problem+json",
                            schema = @Schema(implementation = Problem.class)))
    ResponseEntity<Resource> file(
            @Parameter(
                            description = "sha256: and 64 hexadecimal digits",
                            example =
                                    "sha256:0000000000000000000000000000000000000000000000000000000000000000")
                    @PathVariable
                    String digest,
            @Parameter(
                            description = "A name from the artifact's list",
                            example = "adapter_config.json")
                    @PathVariable
                    String name)
            throws IOException {
        FileSystemResource file =
                store.file(parse(digest), name)
                        .map(FileSystemResource::new)
                        .orElseThrow(() ->
                                notFound("there is no file '" + name + "' in artifact " + digest));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .cacheControl(FOREVER)
                .body(file);
    }

    private static AdapterDigest parse(String digest) {
        try {
            return AdapterDigest.parse(digest);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
        }
    }

    private static ResponseStatusException notFound(String message) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, message);
    }
}
