package dev.weft.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.weft.standalone",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class StandaloneArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheStartOfServicesAndWhatNeedsABaseKnowTheServices =
            noClasses()
                    .that()
                    .haveNameNotMatching(
                            ".*\\.(DeployedServices|MeasuredBase|MeasuredGateways|MeasuredTokenizer|MeasuredRouting|EngineCheckpoint|MachineKernels|ServerPlanText)(\\$.*)?")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                            "dev.weft.catalog..",
                                            "dev.weft.gateway..",
                                            "dev.weft.inference..")
                                    .and(not(resideInAPackage("..settings"))));

    @ArchTest
    static final ArchRule theLauncherIsPlainJava =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework..", "reactor..");

    @ArchTest
    static final ArchRule onlyTheLogPackageKnowsLogback =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.weft.standalone.log")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ch.qos.logback..");

    @ArchTest
    static final ArchRule featuresDoNotDependOnEachOtherInCircles =
            slices().matching("dev.weft.standalone.(*)..").should().beFreeOfCycles();
}
