package dev.weft.catalog.token;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.Answers404;
import dev.weft.catalog.web.CurrentRequester;
import dev.weft.catalog.web.ItemId;
import io.swagger.v3.oas.annotations.Operation;
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
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Tokens. */
@RolesAllowed("admin")
@RequestMapping("/admin/v1")
@Tag(
        name = "Tokens",
        description =
                "Who may use this API. Once there has been a token, or if the catalog listens on"
                        + " more than loopback, every request needs one")
interface TokensApi {
    @PostMapping("/tokens")
    @Operation(
            operationId = "createToken",
            summary = "Make a token",
            description = "The secret is told once; only its hash is kept")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = TokenRequestBody.class),
                            examples = {
                                @ExampleObject(
                                        name = "admin",
                                        summary = "For the deployment's administrator",
                                        value = "{\"name\": \"root\", \"role\": \"admin\"}"),
                                @ExampleObject(
                                        name = "client",
                                        summary = "For a program, with limits",
                                        value = TokenRequestBody.CLIENT),
                                @ExampleObject(
                                        name = "owner",
                                        summary = "For a team's owner of adapters",
                                        value = TokenRequestBody.OWNER)
                            }))
    @ApiResponse(responseCode = "201", description = "The token with its secret")
    @Answers400
    ResponseEntity<TokenBody> create(
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @GetMapping("/tokens")
    @Operation(operationId = "listTokens", summary = "Tokens without their secrets")
    @ApiResponse(responseCode = "200", description = "The oldest first")
    List<TokenBody> list();

    @PatchMapping("/tokens/{id}")
    @Operation(
            operationId = "changeToken",
            summary = "Change a token's limits, or when it ends",
            description =
                    "Gateways hear of it at once. Limits are those of the key: also tokens that"
                            + " took its place, or whose place it took, have them")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = TokenChangeBody.class),
                            examples =
                                    @ExampleObject(
                                            name = "limits",
                                            summary = "Fewer requests, a budget in tokens",
                                            value = TokenChangeBody.EXAMPLE)))
    @ApiResponse(responseCode = "200", description = "The token as it is now")
    @Answers400
    @Answers404("There is no such token, or it is not valid any more")
    TokenBody change(
            @ItemId @PathVariable String id,
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @PostMapping("/tokens/{id}/rotate")
    @Operation(
            operationId = "rotateToken",
            summary = "Have another token take a token's place",
            description =
                    "The new token has the name, role, tenant and limits of the old one, and the"
                        + " time that it was made for. The old token stays valid for an overlap")
    @RequestBody(
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = RotationBody.class),
                            examples =
                                    @ExampleObject(
                                            name = "overlap",
                                            summary = "Both are valid for an hour",
                                            value = RotationBody.EXAMPLE)))
    @ApiResponse(responseCode = "201", description = "The new token with its secret")
    @Answers400
    @Answers404("There is no such token, or it is not valid any more")
    ResponseEntity<TokenBody> rotate(
            @ItemId @PathVariable String id,
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @DeleteMapping("/tokens/{id}")
    @Operation(operationId = "revokeToken", summary = "Take a token back")
    @ApiResponse(responseCode = "204", description = "It is not valid any more")
    @Answers404("There is no such token")
    ResponseEntity<Void> revoke(
            @ItemId @PathVariable String id, @CurrentRequester Requester requester);
}
