package dev.weft.catalog.web;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/** The problem of something that doesn't exist. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
        responseCode = "404",
        content =
                @Content(
                        mediaType = "application/problem+json",
                        schema = @Schema(implementation = Problem.class)))
public @interface Answers404 {
    /** Says when that is answered. */
    @AliasFor(annotation = ApiResponse.class, attribute = "description")
    String value();
}
