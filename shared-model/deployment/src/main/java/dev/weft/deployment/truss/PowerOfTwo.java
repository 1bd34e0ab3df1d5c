package dev.weft.deployment.truss;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** 1, 2, 4, 8 and so on. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Constraint(validatedBy = PowerOfTwo.Check.class)
@interface PowerOfTwo {
    String message() default "is not a power of two";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Checks that one bit is set. */
    final class Check implements ConstraintValidator<PowerOfTwo, Integer> {
        @Override
        public boolean isValid(@Nullable Integer number, ConstraintValidatorContext context) {
            return number == null || Integer.bitCount(number) == 1;
        }
    }
}
