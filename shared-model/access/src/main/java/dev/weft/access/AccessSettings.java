package dev.weft.access;

import dev.weft.settings.Unset;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.access}.
 *
 * @param keys Gateways serve only requests with a token of the catalog, and those the adapters of
 *     its tenant; workers serve services only. Else every request is of tenant {@code default}.
 * @param jwtIssuer OAuth2 issuer whose signed tokens (JWT) the catalog takes besides its own, by
 *     its identifier to the letter, a slash at its end included; claims {@code weft_role} and
 *     {@code weft_tenant} say what they allow, {@code weft_limits} how much.
 * @param jwtAudience Audience that signed tokens must be for.
 */
@ConfigurationProperties("weft.access")
public record AccessSettings(
        @DefaultValue("false") boolean keys,
        @Unset("none")
                @Nullable
                @Pattern(
                        regexp = "https?://[^\\s?#]+",
                        message = "the issuer's identifier, such as https://issuer.example/")
                String jwtIssuer,
        @DefaultValue("weft") @Pattern(regexp = "(?s).+", message = "a text") String jwtAudience) {}
