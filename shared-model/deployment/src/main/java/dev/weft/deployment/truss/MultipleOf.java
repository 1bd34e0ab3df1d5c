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

/** A multiple of a number. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Constraint(validatedBy = MultipleOf.Check.class)
@interface MultipleOf {
    int value();

    String message() default "is not a multiple";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Checks the division. */
    final class Check implements ConstraintValidator<MultipleOf, Integer> {
        private int of = 1;

        @Override
        public void initialize(MultipleOf multiple) {
            of = multiple.value();
        }

        @Override
        public boolean isValid(@Nullable Integer number, ConstraintValidatorContext context) {
            return number == null || number % of == 0;
        }
    }
}
